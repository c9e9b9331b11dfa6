"""Request parameters in every form the Bot API takes: query, urlencoded, JSON and multipart."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

_NAME = re.compile(rb'[; ]name="((?:[^"\\]|\\.)*)"')
_FILE_NAME = re.compile(rb'filename="((?:[^"\\]|\\.)*)"')
_BOUNDARY = re.compile(r'boundary="?([^";]+)')


class MalformedParameterError(Exception):
    """The parameter of this name is not what it should be."""


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Parameters:
    values: Mapping[str, str]
    files: Mapping[str, Upload]

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def integer(self, name: str, default: int = 0) -> int:
        try:
            return int(self.values.get(name, default))
        except ValueError:
            raise MalformedParameterError(name) from None

    def flag(self, name: str) -> bool:
        return self.values.get(name, "").lower() in {"true", "1", "yes"}

    def json(self, name: str) -> Any:  # noqa: ANN401 - whatever the bot sent
        """None when absent."""
        value = self.values.get(name)
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise MalformedParameterError(name) from None


async def read_parameters(request: web.Request) -> Parameters:
    """Multipart bodies are cut by hand: aiohttp's reader takes most of a request's time otherwise."""
    values = dict(request.query)
    files: dict[str, Upload] = {}
    if request.can_read_body:
        body = await request.read()
        if request.content_type == "multipart/form-data":
            _cut(body, request.headers["Content-Type"], values, files)
        elif request.content_type == "application/json":
            values.update(_from_json(body))
        else:
            values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Parameters(values, files)


def _cut(body: bytes, content_type: str, values: dict[str, str], files: dict[str, Upload]) -> None:
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise MalformedParameterError("boundary")
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name is None:
            continue
        file_name = _FILE_NAME.search(head)
        if file_name is None:
            values[name[1].decode()] = data.decode("utf-8", "replace")
        else:
            files[name[1].decode()] = Upload(file_name[1].decode("utf-8", "replace"), data)


def _from_json(body: bytes) -> dict[str, str]:
    try:
        parsed = json.loads(body)
    except ValueError:
        raise MalformedParameterError("body") from None
    if not isinstance(parsed, dict):
        raise MalformedParameterError("body")
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in parsed.items()
        if value is not None
    }
