"""Every table, by subject. Tortoise finds the models through this package."""

from core.models.appeals import Appeal, Attachment, Counter, Event, Survey
from core.models.catalogue import Category, District, Executor, RoutingRule
from core.models.messages import Inbox, InboxState, Outbox, OutboxState
from core.models.residents import Account, Channel, Conversation, Resident
from core.models.staff import LinkToken, Notice, Session, SignInFailure, Staff

__all__ = [
    "Account",
    "Appeal",
    "Attachment",
    "Category",
    "Channel",
    "Conversation",
    "Counter",
    "District",
    "Event",
    "Executor",
    "Inbox",
    "InboxState",
    "LinkToken",
    "Notice",
    "Outbox",
    "OutboxState",
    "Resident",
    "RoutingRule",
    "Session",
    "SignInFailure",
    "Staff",
    "Survey",
]
