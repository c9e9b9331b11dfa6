"""The archive of «мої дані», to whoever holds the link that we signed and sent to the person's own chat."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot import notices
from bot.messages import Reply
from bot.my_data_page import page
from bot.render import render_reply
from core import brakes, my_data
from core.city import City
from core.errors import TooMany
from core.media import Links, MediaStore
from core.models import Account
from core.queries import person

PATH = my_data.PATH + "{token}"
AN_HOUR = 6  # downloads; an archive may hold hundreds of files
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def handler(city: City, store: MediaStore, links: Links) -> Handler:
    """Answers with the archive; 404 for a link that is not ours, too old, or of somebody who is gone."""

    async def my_data_of(request: web.Request) -> web.StreamResponse:
        account = await my_data.account_of(links, request.match_info["token"])
        if account is None:
            raise web.HTTPNotFound
        language = account.language
        try:
            await brakes.brake(f"data:{account.id}", AN_HOUR)
        except TooMany as refusal:
            return web.Response(status=429, text=refusal.text(language))
        known = await person.mine(account.resident_id, lambda kind, body: _words(kind, body, language, city))
        accounts = await Account.filter(resident_id=account.resident_id)
        told = await asyncio.to_thread(page, known, city, language)
        files = await person.own_files([each.id for each in accounts])
        response = web.StreamResponse(
            headers={
                "Content-Type": "application/zip",
                "Content-Disposition": 'attachment; filename="my-data.zip"',
                "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
                "X-Robots-Tag": "noindex",
            }
        )
        await response.prepare(request)
        async for piece in my_data.archive(known, told, files, store):
            if piece:
                await response.write(piece)
        await response.write_eof()
        return response

    return my_data_of


def _words(kind: str, body: dict[str, Any], language: str, city: City) -> str:
    """A message of ours as it was read; the words alone of a kind that is written no more."""
    try:
        reply = Reply.from_body(body) if kind == "reply" else notices.compose(kind, body)
        return render_reply(reply, language, city).text
    except KeyError:
        return str(body.get("text", ""))
