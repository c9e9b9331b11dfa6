"""For machines: does the process live, is it of use, what does it count."""

import asyncio

from aiohttp import web
from tortoise.exceptions import BaseORMException

from admin import metrics
from admin.access import PUBLIC, Routes
from admin.keys import PROBES
from core import log
from core.db import connection

routes = Routes()
PATIENCE = 2.0  # seconds for each probe
_log = log.get(__name__)


@routes.route("HEAD", "/healthz", roles=PUBLIC)
@routes.route("GET", "/healthz", roles=PUBLIC)
async def healthz(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


@routes.route("HEAD", "/readyz", roles=PUBLIC)
@routes.route("GET", "/readyz", roles=PUBLIC)
async def readyz(request: web.Request) -> web.Response:
    """503 with the names of what doesn't answer."""
    checks = {"database": _database, **request.app[PROBES].checks}
    answers = await asyncio.gather(*(_answers(name, check) for name, check in checks.items()))
    failing = sorted(name for name, well in zip(checks, answers, strict=True) if not well)
    body = {"status": "failing" if failing else "ok", "failing": failing}
    return web.json_response(body, status=503 if failing else 200)


@routes.route("GET", "/metrics", roles=PUBLIC)
async def exposition(request: web.Request) -> web.Response:
    return await metrics.exposition(request.app)


async def _answers(name: str, check: object) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return bool(await check())  # type: ignore[operator]
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
        _log.warning("readyz.failing", probe=name, error=type(error).__name__)
        return False


async def _database() -> bool:
    try:
        await connection().execute_query("SELECT 1")
    except BaseORMException:
        return False
    return True
