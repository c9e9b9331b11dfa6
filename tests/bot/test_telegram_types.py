"""Every type of message that the Bot API knows, made as small as it allows: answered, or no message."""

import json
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from aiogram.enums import ContentType
from aiogram.types import Message, Update
from pydantic import BaseModel

from bot.messages import Act, Incoming
from bot.telegram import parse
from tests.bot.telegram_samples import CONTENTS, message

# What a resident sends: each is understood or declined in words, nothing is met with silence.
SENT = {
    "text": Act.TEXT,
    "photo": Act.FILE,
    "live_photo": Act.FILE,
    "video": Act.FILE,
    "video_note": Act.FILE,
    "animation": Act.FILE,
    "voice": Act.FILE,
    "audio": Act.FILE,
    "document": Act.FILE,
    "location": Act.LOCATION,
    "venue": Act.LOCATION,
    "sticker": Act.OTHER,
    "contact": Act.OTHER,
    "poll": Act.OTHER,
    "dice": Act.OTHER,
    "game": Act.OTHER,
    "story": Act.OTHER,
    "checklist": Act.OTHER,
    "paid_media": Act.OTHER,
    "rich_message": Act.OTHER,
    "invoice": Act.OTHER,
    "giveaway": Act.OTHER,
}
NO_TYPES = {ContentType.UNKNOWN, ContentType.ANY}
TYPES = [each for each in ContentType if each not in NO_TYPES and each.value in Message.model_fields]


def smallest(annotation: Any) -> Any:
    """A value with nothing but what is required."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        found = smallest(arguments[0])
    elif origin in {Union, UnionType}:
        found = smallest(next(each for each in arguments if each is not NoneType))
    elif origin is Literal:
        found = arguments[0].value if isinstance(arguments[0], Enum) else arguments[0]
    elif origin is list:
        found = [smallest(arguments[0])]
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        found = next(iter(annotation)).value
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found = _smallest_object(annotation)
    else:
        found = {str: "x", int: 1, float: 1.0, bool: True, datetime: 1}.get(annotation, "x")
    return found


def _smallest_object(kind: type[BaseModel]) -> dict[str, Any]:
    """With its `type`, where it is told by that among others."""
    required = {
        field.alias or name: smallest(field.annotation)
        for name, field in kind.model_fields.items()
        if field.is_required()
    }
    told = kind.model_fields.get("type")
    return required | ({"type": told.default} if told and isinstance(told.default, str) else {})


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_every_type_is_answered_or_no_message_at_all(kind: ContentType) -> None:
    raw = {
        "update_id": 1,
        "message": message(**{kind.value: smallest(Message.model_fields[kind.value].annotation)}),
    }
    read = Update.model_validate(raw).message
    assert read is not None
    assert read.content_type == kind, "the sample is not what it is meant to be"
    found = parse(json.dumps(raw))
    assert (found.act if isinstance(found, Incoming) else None) == SENT.get(kind.value)


def test_every_type_that_residents_send_has_a_sample_of_a_real_phone() -> None:
    shown = {field for _, update, _ in CONTENTS for part in update.values() for field in part}
    assert SENT.keys() - shown == set()
