"""Faults that fall on a request before any messenger looks at it."""

import asyncio

from aiohttp import web

from bot.simulator.faults import FaultKind, MessengerFaults

_BAD_GATEWAY = """<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
<hr><center>nginx/1.18.0</center>
</body>
</html>
"""
_ERROR = '{"ok":false,"error_code":500,"description":"Internal Server Error"}'


async def interfere(
    request: web.Request, faults: MessengerFaults, method: str, closing: asyncio.Event
) -> web.StreamResponse | None:
    """The spoiled answer, or None when all is well."""
    if faults.take(FaultKind.DOWN, method):
        return drop(request)
    hang = faults.take(FaultKind.TIMEOUT, method)
    if hang is not None:
        try:
            async with asyncio.timeout(hang.value):
                await closing.wait()
        except TimeoutError:
            pass
        return drop(request)
    if faults.take(FaultKind.BAD_GATEWAY, method):
        return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
    if faults.take(FaultKind.SERVER_ERROR, method):
        return web.Response(status=500, text=_ERROR, content_type="application/json")
    return None


def drop(request: web.Request) -> web.Response:
    """Cut the connection; the response is never seen."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
