"""Viber's statuses. Every answer is HTTP 200; the status is in the body."""

from enum import IntEnum


class Status(IntEnum):
    OK = 0
    INVALID_URL = 1
    INVALID_AUTH_TOKEN = 2
    BAD_DATA = 3
    MISSING_DATA = 4
    RECEIVER_NOT_REGISTERED = 5
    RECEIVER_NOT_SUBSCRIBED = 6
    PUBLIC_ACCOUNT_BLOCKED = 7
    PUBLIC_ACCOUNT_NOT_FOUND = 8
    WEBHOOK_NOT_SET = 10
    TOO_MANY_REQUESTS = 12
    FREE_MESSAGES_EXCEEDED = 23
    NO_BALANCE = 24


_WORDS = {
    Status.OK: "ok",
    Status.INVALID_URL: "invalidUrl",
    Status.INVALID_AUTH_TOKEN: "invalidAuthToken",
    Status.BAD_DATA: "badData",
    Status.MISSING_DATA: "missingData",
    Status.RECEIVER_NOT_REGISTERED: "receiverNotRegistered",
    Status.RECEIVER_NOT_SUBSCRIBED: "receiverNotSubscribed",
    Status.PUBLIC_ACCOUNT_BLOCKED: "publicAccountBlocked",
    Status.PUBLIC_ACCOUNT_NOT_FOUND: "publicAccountNotFound",
    Status.WEBHOOK_NOT_SET: "webhookNotSet",
    Status.TOO_MANY_REQUESTS: "Too many requests",
    Status.FREE_MESSAGES_EXCEEDED: "freeMessagesExceeded",
    Status.NO_BALANCE: "noBalance",
}


class ViberError(Exception):
    def __init__(self, status: Status, message: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message or _WORDS[status]


def bad_data(reason: str) -> ViberError:
    return ViberError(Status.BAD_DATA, reason)
