"""The commands that need the core alone: each does one thing and says what it did."""

import argparse
import asyncio
import getpass
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from core import auth, city, colleagues, config, db, log
from core.config import Settings
from core.phrases import said
from core.workflow import Role

T = TypeVar("T")


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings of --config, or of config.toml where there is one; logs go where they say."""
    path = options.config
    if path is None and Path("config.toml").exists():
        path = Path("config.toml")
    settings = config.load(path)
    log.configure(style=settings.log.format, level=settings.log.level)
    return settings


def data_folder(settings: Settings) -> Path:
    """Where things are kept that are no rows."""
    return Path(settings.server.data)


def migrate(options: argparse.Namespace) -> None:
    asyncio.run(db.migrate(settings_of(options).database.url))
    print("The database is up to date.")


def check_config(options: argparse.Namespace) -> None:
    settings = settings_of(options)
    enabled = [name for name in ("telegram", "viber") if getattr(settings, name).enabled]
    print(f"The configuration is right. Channels: {', '.join(enabled) or 'none enabled'}.")


def staff(options: argparse.Namespace) -> None:
    settings = settings_of(options)
    if options.action == "reset":
        _reset_staff(settings, options.login, lift=options.totp)
    elif options.role is None:
        raise ValueError("staff add needs --role")
    else:
        _add_staff(settings, options)


def _reset_staff(settings: Settings, login: str, *, lift: bool) -> None:
    """For whom no administrator can let back in: the last of them."""

    async def reset() -> str:
        async with db.connect(settings.database.url):
            found = await colleagues.by_login(login)
            if lift:
                await colleagues.lift_second_step(None, found.id)
            return (await colleagues.reset_link(None, found.id))[1]

    asyncio.run(db.migrate(settings.database.url))
    print(f"{settings.server.public_url}/admin/reset/{asyncio.run(reset())}")
    print("Whoever opens it within 24 hours sets a new password, once." + " The code is off." * lift)


def _add_staff(settings: Settings, options: argparse.Namespace) -> None:
    """The password is asked for at a terminal, and read from stdin otherwise."""
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password for {options.login}: ")
        if password != getpass.getpass("Once more: "):
            raise ValueError("the two passwords differ")
    else:
        password = sys.stdin.readline().rstrip("\n")

    async def add(_city: city.City) -> None:  # loaded first, since an officer's executor must exist
        await auth.create_staff(options.login, options.name, Role(options.role), password, options.executor)

    asyncio.run(_with_city(settings, add))
    print(f"Added {options.role} {options.login}.")


def understand(options: argparse.Namespace) -> None:
    """Show what is understood of a text and why, and who would answer until when."""
    from core.explain import explain  # noqa: PLC0415 - only for this command

    async def show(loaded: city.City) -> None:
        for line in explain(loaded, options.text, options.at):
            print(line)

    asyncio.run(_with_city(settings_of(options), show))


def city_pack(options: argparse.Namespace) -> None:
    """Show what a folder's files would change in the city, ask, and change it; or write them there."""
    from core.importing import apply, plan, reading, standing  # noqa: PLC0415 - only for this command

    settings = settings_of(options)
    found: list[plan.Plan] = []
    lines: list[str] = []

    async def look(_city: city.City) -> None:
        if options.action == "export":
            reading.write_folder(await standing.export(settings), options.folder)
        else:
            found.append(await _shown("Reading", plan.prepare(settings, options.folder)))
            moves = await found[0].moves()
            lines.extend((*found[0].lines, *([moves.line] if moves else [])))

    async def change() -> None:
        async with db.connect(settings.database.url):
            await _shown("Applying", apply.apply(settings, found[0]))

    asyncio.run(_with_city(settings, look))
    if not found:
        print(f"Wrote the city's pack into {options.folder}.")
        return
    for line in (*lines, *(f"! {said(warning, 'en')}" for warning in found[0].warnings)):
        print(line)
    if not lines:
        print("Nothing would change.")
    elif options.dry_run:
        print("A dry run: nothing was changed.")
    else:
        _agree(options)
        asyncio.run(change())
        print("Applied. What runs follows within seconds.")


def _agree(options: argparse.Namespace) -> None:
    """Raises ValueError unless somebody agrees."""
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise ValueError("nothing was changed: with nobody to ask, city import needs --yes")
    try:
        answer = input("Apply? [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise ValueError("nothing was changed")


def model(options: argparse.Namespace) -> None:
    """Train the category model, or say how well texts with known answers are understood."""
    from core.pack import load_pack  # noqa: PLC0415 - with the model's own imports, only for this command
    from core.understanding import Understander  # noqa: PLC0415
    from core.understanding.evaluate import evaluate, read_rows, shown  # noqa: PLC0415

    settings = settings_of(options)
    rows = read_rows(_named(options.file)) if options.action == "evaluate" else ()
    pack = load_pack(Path(settings.city.pack) if settings.city.pack else None)
    understander = Understander.load(pack, data_folder(settings) / "model")
    if options.action == "train":
        print(f"Model {understander.model_version} is ready.")
        return
    with _bar("Reading", len(rows)) as progress:
        report = evaluate(understander, rows, progress)
    if options.json:
        print(json.dumps(report.as_object(), ensure_ascii=False))
    else:
        print("\n".join(shown(report)))


def _named(file: Path | None) -> Path:
    if file is None:
        raise ValueError("model evaluate needs a FILE of texts with a heading, tabs between the columns")
    return file


def seed(options: argparse.Namespace) -> None:
    """Fill the database with a made-up past; a bar shows how far it is when somebody looks."""
    from core.media import MediaStore  # noqa: PLC0415 - with the seed's own imports, only for this command
    from core.seed import seed as fill  # noqa: PLC0415

    if options.appeals < 1:
        raise ValueError("seed --appeals takes a number from 1 on")
    settings = settings_of(options)

    async def write(loaded: city.City) -> None:
        with _bar("Seeding", options.appeals) as progress:
            await fill(loaded, MediaStore(settings.media), options.appeals, progress=progress)

    asyncio.run(_with_city(settings, write))
    print(f"Added {options.appeals} appeals.")


async def seed_demo(settings: Settings) -> list[tuple[str, str, str]]:
    """Make the database ready for the demo, keeping what is there; (login, password, what it is) of all."""
    from core.media import MediaStore  # noqa: PLC0415 - with the seed's own imports, only for the demo
    from core.seed import demo  # noqa: PLC0415

    logins: list[tuple[str, str, str]] = []

    async def prepare(loaded: city.City) -> None:
        logins.extend(await demo.seed_demo(loaded, MediaStore(settings.media)))

    await _with_city(settings, prepare)
    return logins


async def _shown(what: str, work: Awaitable[T]) -> T:
    """Wait for what can't say how far it is, with a bar that moves."""
    task = asyncio.ensure_future(work)
    with _bar(what, None) as progress:
        while not (await asyncio.wait([task], timeout=0.2))[0]:
            progress(0)
    return await task


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Takes how much is done, and shows it on a terminal's stderr once that takes over a second."""
    from rich.console import Console  # noqa: PLC0415 - only for what may take long
    from rich.progress import Progress  # noqa: PLC0415

    console = Console(stderr=True)
    bar = Progress(console=console, disable=not console.is_terminal, transient=True)
    task, began = bar.add_task(what, total=total), time.monotonic()

    def progress(done: int) -> None:
        if not bar.live.is_started and time.monotonic() - began > 1:
            bar.start()
        bar.update(task, completed=done)

    try:
        yield progress
    finally:
        bar.stop()


async def _with_city(settings: Settings, work: Callable[[city.City], Awaitable[None]]) -> None:
    await db.migrate(settings.database.url)
    async with db.connect(settings.database.url):
        await work(await _shown("Loading", city.load(settings)))
