"""Zvernys: the composition root and the command line; the only file that knows core, bot and admin.

Heavy imports (aiogram alone takes seconds) stand in the commands that need them, so that --help is quick.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import secrets
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from core import arguments

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from core.config import Settings

PARTS = ("panel", "channels", "workers")
_FIRST_DEMO = 1_767_225_600  # 2026-01-01


def main(typed: list[str] | None = None) -> int:
    """Run one command; 0 only on success, errors as one clear line on stderr."""
    options = arguments.parser().parse_args(typed)
    from core import commands
    from core.errors import ZvernysError

    ours = {"run": _run, "demo": _demo, "bench": _bench}
    try:
        (ours.get(options.command) or getattr(commands, options.command))(options)
    except ZvernysError as error:
        print(error.text("en"), file=sys.stderr)
    except (OSError, ValueError) as error:
        print(f"zvernys: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from core import db

        if not db.is_outage(error):
            raise
        print(f"zvernys: the database: {error}", file=sys.stderr)
    else:
        return 0
    return 1


def _run(options: argparse.Namespace) -> None:
    from core import garbage
    from core.commands import settings_of

    settings = settings_of(options)
    parts = frozenset(options.only.split(",")) if options.only else frozenset(PARTS)
    if unknown := parts - set(PARTS):
        raise ValueError(f"--only takes some of {','.join(PARTS)}, not {','.join(sorted(unknown))}")
    asyncio.run(
        _until_stopped(
            lambda stopping: serve(settings, stopping, parts=parts, ready=lambda _port: garbage.settle())
        )
    )


def _demo(options: argparse.Namespace) -> None:
    asyncio.run(
        _until_stopped(lambda stopping: demo(options.data, options.port, stopping, fresh=options.fresh))
    )


async def _until_stopped(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run until SIGINT or SIGTERM; the first lets work finish what it holds, the second ends at once."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopping.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await work(stopping)


async def serve(
    settings: Settings,
    stopping: asyncio.Event,
    *,
    parts: frozenset[str] = frozenset(PARTS),
    ready: Callable[[int], None] = lambda _port: None,
) -> None:
    """Serve until `stopping`, then finish what is held, in the order in which work flows.

    `ready` hears the port.
    """
    from aiohttp import web

    from admin.access import PUBLIC, access
    from admin.app import Probes, create_app
    from bot import my_data, preview
    from bot.channels import Channels
    from bot.photos import Photos
    from bot.webhooks import TELEGRAM_PATH, VIBER_PATH
    from core import city as cities
    from core import db, jobs, log, scheduler, signals
    from core.media import Links, MediaStore

    logger = log.get("zvernys")
    await db.migrate(settings.database.url)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(db.connect(settings.database.url))
        city = await cities.load(settings)
        media = MediaStore(settings.media)
        links = Links(panel_secret(settings), settings.server.public_url)
        channels = Channels(settings, city, Photos(media, links))
        stack.push_async_callback(channels.close)
        app = create_app(
            settings,
            city,
            media,
            links,
            probes=Probes({"workers": channels.alive}),
            bot_name=lambda: channels.bot_name,
            show=preview.show(city),
        )
        if "channels" in parts:
            for path, handler in (
                (TELEGRAM_PATH, channels.webhooks.telegram),
                (VIBER_PATH, channels.webhooks.viber),
            ):
                route = app.router.add_post(path, handler)
                access(app)[route] = PUBLIC
        theirs = app.router.add_route("GET", my_data.PATH, my_data.handler(city, media, links))
        access(app)[theirs] = PUBLIC
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=10, handle_signals=False)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, settings.server.host, settings.server.port).start()
        port = runner.addresses[0][1]
        sweeping = scheduler.Runner(jobs.Desk(city, settings.schedule, media, channels.fetchers))
        receiving, working = asyncio.Event(), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            receivers = channels.receiving(receiving) if "channels" in parts else []
            received = [group.create_task(each) for each in receivers]
            group.create_task(cities.keep_fresh(city, working))
            if "workers" in parts:
                for each in (*channels.working(working), sweeping.keep(working)):
                    group.create_task(each)
            logger.info("serving", port=port, parts=sorted(parts))
            ready(port)
            await stopping.wait()
            logger.info("stopping")
            receiving.set()
            await asyncio.gather(*received)
            await runner.cleanup()  # takes no more requests, and ends those under way
            working.set()
            signals.wake_all()
        logger.info("stopped")


async def demo(folder: Path, port: int, stopping: asyncio.Event, *, fresh: bool = False) -> None:
    """Serve a seeded city on this machine with simulated messengers; nothing on the way is a mock."""
    import json
    import shutil

    from bot.simulator import Simulator, SimulatorConfig
    from core import commands, config, log
    from core.pack import DEFAULT_PACK, load_pack

    if fresh and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    pack = load_pack()
    base = f"http://127.0.0.1:{port}"
    outlines = json.loads((DEFAULT_PACK / "districts.geojson").read_text("utf-8"))
    # Ten numbers for each second: more than anybody presses, so that no start repeats another's.
    simulated = SimulatorConfig(port=port + 1, generation=int(time.time() - _FIRST_DEMO) * 10)
    async with Simulator(
        simulated, outlines=outlines, centre=pack.centre, links={"Панель оператора": f"{base}/admin/"}
    ) as simulator:
        settings = config.load(
            server={"port": port, "public_url": base, "data": str(folder)},
            database={"url": f"sqlite://{folder}/zvernys.db"},
            media={"url": f"file://{folder}/media"},
            telegram={
                "enabled": True,
                "token": simulated.telegram_token,
                "api_base": simulator.telegram_api_base,
            },
            viber={"enabled": True, "token": simulated.viber_token, "api_base": simulator.viber_api_base},
            panel={"secure_cookies": False, "totp_for_administrators": False},
            schedule={"sweep_seconds": 2, "together_seconds": 3, "quiet_from": "", "quiet_to": ""},
            log={"level": "warning"},
        )
        log.configure(style=settings.log.format, level=settings.log.level)
        logins = await commands.seed_demo(settings)

        def ready(_port: int) -> None:
            print(f"\n  Phones (Telegram and Viber):  {simulator.base}/")
            print(f"  Operator's panel:             {base}/admin/" + "\n")
            for login, password, what in logins:
                print(f"  {login:12} {password:18} {what}")
            print(f"\n  Everything is kept in {folder}; Ctrl-C stops it.", flush=True)

        await serve(settings, stopping, ready=ready)


def _bench(options: argparse.Namespace) -> None:
    """The benches live with the tests: they are for those who have the source."""
    import importlib

    try:
        bench = importlib.import_module(f"tests.bench.{options.name}")
    except ModuleNotFoundError as error:
        raise ValueError("bench needs the source tree: run it from a clone") from error
    print(bench.run(options))


def panel_secret(settings: Settings) -> str:
    """The configured secret; otherwise one made on first start and kept, readable by us alone."""
    from core.commands import data_folder

    configured = settings.panel.secret.get_secret_value()
    if configured:
        return configured
    file = data_folder(settings) / "panel.secret"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


if __name__ == "__main__":
    sys.exit(main())
