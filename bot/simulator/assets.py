"""The page's own files, and Leaflet from wherever the set-up has put it."""

import asyncio
import mimetypes
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

_PAGE = Path(__file__).parent / "page"
_ROOT = Path(__file__).parents[2]
_LEAFLET = (_ROOT / "admin/static/vendor/leaflet", _ROOT / "node_modules/leaflet/dist")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/", _index),
        web.get("/page/{path:.+}", _page),
        web.get("/vendor/leaflet/{path:.+}", _leaflet),
    ]


async def _index(_: web.Request) -> web.Response:
    return await _serve((_PAGE,), "index.html")


async def _page(request: web.Request) -> web.Response:
    return await _serve((_PAGE,), request.match_info["path"])


async def _leaflet(request: web.Request) -> web.Response:
    return await _serve(_LEAFLET, request.match_info["path"])


async def _serve(folders: Sequence[Path], path: str) -> web.Response:
    data = await asyncio.to_thread(_read, folders, path)
    if data is None:
        raise web.HTTPNotFound
    mime = mimetypes.guess_type(path)[0] or "application/octet-stream"
    charset = "utf-8" if mime.startswith(("text/", "application/javascript")) else None
    return web.Response(body=data, content_type=mime, charset=charset, headers={"Cache-Control": "no-cache"})


def _read(folders: Sequence[Path], path: str) -> bytes | None:
    for folder in folders:
        file = (folder / path).resolve()
        if file.is_relative_to(folder.resolve()) and file.is_file():
            return file.read_bytes()
    return None
