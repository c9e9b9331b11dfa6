"""The commands that need the core alone: each does one thing and says what it did."""

import argparse
import asyncio
import getpass
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from core import auth, city, config, db, log
from core.config import Settings
from core.workflow import Role


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


def add_staff(options: argparse.Namespace) -> None:
    """The password is asked for at a terminal, and read from stdin otherwise."""
    settings = settings_of(options)
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
    """Show what is understood of a text, and who would answer until when."""
    settings = settings_of(options)

    async def show(loaded: city.City) -> None:
        seen = loaded.understander.understand(options.text)
        for guess in seen.categories:
            print(f"{guess.score:6.1%}  {guess.slug:20} {loaded.categories[guess.slug].uk}")
        print(f"confident: {seen.confident}   model: {seen.model_version}")
        danger = ", ".join(seen.urgency.words)
        print(f"urgent: {seen.urgency.urgent}  {danger}  {seen.urgency.number or ''}")
        for place in seen.places:
            where = place.district or "district unknown"
            print(f"place: {place.uk} ({where}), {place.score:.2f}, {place.span!r}")
        if seen.categories:
            district = seen.places[0].district if seen.places else None
            print(f"executor: {loaded.route(seen.categories[0].slug, district) or 'an operator decides'}")

    asyncio.run(_with_city(settings, show))


def model(options: argparse.Namespace) -> None:
    """Train the category model, or evaluate it on rows of slug, language and text."""
    from core.pack import load_pack  # noqa: PLC0415 - with the model's own imports, only for this command
    from core.understanding.category import load_model  # noqa: PLC0415
    from core.understanding.evaluate import evaluate, read_rows  # noqa: PLC0415

    settings = settings_of(options)
    pack = load_pack(Path(settings.city.pack) if settings.city.pack else None)
    trained = load_model(data_folder(settings) / "model", pack.categories)
    if options.action == "train":
        print(f"Model {trained.version} is ready.")
        return
    if options.file is None:
        raise ValueError("model evaluate needs a FILE of rows: slug, language, text, separated by tabs")
    report = evaluate(trained, read_rows(options.file))
    found = asdict(report)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print("\n".join(f"{name}: {value}" for name, value in found.items()))


def seed(options: argparse.Namespace) -> None:
    """Fill the database with a made-up past; a bar shows how far it is when somebody looks."""
    from rich.console import Console  # noqa: PLC0415 - only for this command, as the seed's own imports
    from rich.progress import Progress  # noqa: PLC0415

    from core.media import MediaStore  # noqa: PLC0415
    from core.seed import seed as fill  # noqa: PLC0415

    if options.appeals < 1:
        raise ValueError("seed --appeals takes a number from 1 on")
    settings = settings_of(options)

    async def write(loaded: city.City) -> None:
        console = Console(stderr=True)
        with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
            task = bar.add_task("Seeding", total=options.appeals)
            await fill(
                loaded,
                MediaStore(settings.media),
                options.appeals,
                progress=lambda done: bar.update(task, completed=done),
            )

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


async def _with_city(settings: Settings, work: Callable[[city.City], Awaitable[None]]) -> None:
    await db.migrate(settings.database.url)
    async with db.connect(settings.database.url):
        loaded = await city.load(settings)
        await work(loaded)
