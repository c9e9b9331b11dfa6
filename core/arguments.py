"""What the commands take: the command line as it is typed, and nothing of what it does."""

import argparse
from pathlib import Path


def parser() -> argparse.ArgumentParser:
    """The parser; `options.command` is then the name of a function."""
    whole = argparse.ArgumentParser(prog="zvernys", description="The software a city contact centre runs on.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, text: str, function: str = "") -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(command=function or name)
        added.add_argument(
            "--config", type=Path, metavar="FILE", help="TOML file (default: config.toml, if there)"
        )
        return added

    run = command("run", "Serve the city: panel, channels and workers.")
    run.add_argument(
        "--only", metavar="PARTS", help="some of panel,channels,workers; the others run elsewhere"
    )
    demo = command("demo", "Show everything on this machine: simulated messengers, a seeded city.")
    demo.add_argument(
        "--port", type=int, default=8080, help="of the panel; the phones are one above (default 8080)"
    )
    demo.add_argument(
        "--data", type=Path, default=Path("var/demo"), metavar="DIR", help="kept between starts"
    )
    demo.add_argument("--fresh", action="store_true", help="begin anew: deletes what the demo kept")
    command("migrate", "Bring the database up to date.")
    command(
        "check-config", "Name each wrong key of the configuration, and what would be right.", "check_config"
    )
    staff = command(
        "staff",
        "Add a member of staff (the password is asked for, or read from stdin), or give a link to set anew.",
    )
    staff.add_argument("action", choices=["add", "reset"])
    staff.add_argument("login")
    staff.add_argument(
        "--role", choices=["operator", "executor", "manager", "administrator"], help="needed to add"
    )
    staff.add_argument("--name", default="")
    staff.add_argument("--executor", metavar="SLUG", help="whose officer (role executor)")
    staff.add_argument("--totp", action="store_true", help="with reset: take the code of an app off, too")
    city = command(
        "city", "Lay a folder's files over the city's pack, or write the pack into one.", "city_pack"
    )
    city.add_argument("action", choices=["import", "export"])
    city.add_argument("folder", type=Path, metavar="DIR", help="any of a pack's files may be absent in it")
    city.add_argument("--yes", action="store_true", help="apply without asking")
    city.add_argument("--dry-run", action="store_true", help="only show what would change")
    model = command("model", "Train the category model, or evaluate it on a file of texts.")
    model.add_argument("action", choices=["train", "evaluate"])
    model.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE.tsv",
        help="columns text, and any of id, category, urgent, address, lang",
    )
    model.add_argument("--json", action="store_true", help="one JSON object on stdout")
    understand = command("understand", "Show what is understood of a text, and why.")
    understand.add_argument("text")
    understand.add_argument("--at", type=_point, metavar="LAT,LON", help="a point sent with it, in degrees")
    seed = command("seed", "Fill the database with a past that looks like a city's.")
    seed.add_argument("--appeals", type=int, default=200, metavar="N")
    bench = command("bench", "Measure, beside a peer in the same run.")
    bench.add_argument(
        "name",
        choices=["intake", "outbox", "conversation", "queue", "understand", "alike", "sweep", "report"],
    )
    bench.add_argument(
        "--appeals",
        type=int,
        metavar="N",
        help="of the queue bench (100,000), the alike and the report bench (1,000,000)",
    )
    bench.add_argument("--open", type=int, metavar="N", help="open appeals of the sweep bench (100,000)")
    bench.add_argument(
        "--engine",
        choices=["sqlite", "postgres"],
        default="sqlite",
        help="of the queue, alike, sweep, report and conversation benches",
    )
    bench.add_argument(
        "--updates", type=int, default=3000, metavar="N", help="of the intake and outbox benches"
    )
    bench.add_argument(
        "--seconds", type=float, default=30.0, metavar="N", help="of the conversation bench (30)"
    )
    bench.add_argument("--json", action="store_true", help="one JSON object on stdout")
    return whole


def _point(typed: str) -> tuple[float, float]:
    """Latitude and longitude in degrees; argparse makes the usage of a ValueError."""
    lat, lon = (float(part) for part in typed.split(","))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004 - the poles and the date line
        raise ValueError(typed)
    return lat, lon
