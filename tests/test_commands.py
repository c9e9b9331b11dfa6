"""The command line as one types it: exit codes, one clear line of error, help that is quick."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core import clock, colleagues, db
from core.errors import NotFound
from core.models import Staff
from zvernys import main

HOME = Path(__file__).parents[1]
COMMANDS = ("run", "demo", "migrate", "check-config", "staff", "city", "model", "understand", "seed", "bench")
PASSWORD = "a password that is long enough"


def zvernys(
    *arguments: str, folder: Path, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder`, with nothing configured but what is given."""
    clean = {name: value for name, value in os.environ.items() if not name.upper().startswith("ZVERNYS__")}
    return subprocess.run(
        [sys.executable, "-m", "zvernys", *arguments],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(HOME)} | environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


@pytest.fixture
def home(folder: Path, tmp_path: Path) -> Path:
    """A folder to run in, whose data shares the session's model."""
    folder.rename(tmp_path / "var")
    return tmp_path


def test_help_names_every_command(tmp_path: Path) -> None:
    done = zvernys("--help", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: zvernys")
    assert set(COMMANDS) <= set(done.stdout.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith(f"usage: zvernys {command}")
    assert "--config FILE" in shown.out


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    script = "import sys, zvernys\ntry: zvernys.main(['--help'])\nfinally: print(*sys.modules, sep='\\n')"
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=HOME, capture_output=True, text=True, check=True
    )
    assert time.monotonic() - began < 5
    heavy = {"aiogram", "aiohttp", "tortoise", "sklearn", "numpy", "PIL", "pydantic", "shapely", "viberbot"}
    assert set(done.stdout.split()) & heavy == set()


@pytest.mark.parametrize("arguments", [["no-such"], [], ["staff", "remove", "x"], ["bench", "everything"]])
def test_a_wrong_command_is_refused_with_its_usage(arguments: list[str], tmp_path: Path) -> None:
    done = zvernys(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert "usage: zvernys" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_config_names_each_wrong_key_on_a_line_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('[server]\nprot = 1\nport = "many"\n[log]\nlevel = "loud"\n')
    done = zvernys("check-config", "--config", str(file), folder=tmp_path, ZVERNYS__TELEGARM__TOKEN="123:abc")
    assert (done.returncode, done.stdout) == (1, "")
    named = [line.partition(":")[0] for line in done.stderr.splitlines()[1:]]
    assert sorted(named) == ["ZVERNYS__TELEGARM__TOKEN", "log.level", "server.port", "server.prot"]
    assert "123:abc" not in done.stderr
    assert "Traceback" not in done.stderr


def test_check_config_of_the_example_and_of_none(tmp_path: Path) -> None:
    done = zvernys("check-config", "--config", str(HOME / "config.example.toml"), folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    done = zvernys("check-config", folder=tmp_path)
    assert done.returncode == 0
    assert "none enabled" in done.stdout
    (tmp_path / "config.toml").write_text('[telegram]\nenabled = true\ntoken = "123456:abcdefgh"\n')
    assert "telegram" in zvernys("check-config", folder=tmp_path).stdout


@pytest.mark.parametrize("content", [None, "[server\n", "\x00"])
def test_a_configuration_that_cant_be_read(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "config.toml"
    if content is not None:
        file.write_text(content)
    done = zvernys("migrate", "--config", str(file), folder=tmp_path)
    assert done.returncode == 1
    assert str(file) in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_run_refuses_parts_that_dont_exist(tmp_path: Path) -> None:
    done = zvernys("run", "--only", "panel,chanels", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "zvernys: --only takes some of panel,channels,workers, not chanels\n"


async def test_staff_are_added_with_a_password_from_stdin(home: Path) -> None:
    added = zvernys(
        "staff", "add", "Olena", "--role", "operator", "--name", "Олена", folder=home, stdin=f"{PASSWORD}\n"
    )
    assert (added.returncode, added.stdout) == (0, "Added operator Olena.\n"), added.stderr
    assert PASSWORD not in added.stdout + added.stderr
    officer = ("staff", "add", "ivan", "--role", "executor", "--executor")
    done = zvernys(*officer, "kryvbasvodokanal", folder=home, stdin=PASSWORD)
    assert done.returncode == 0, done.stderr
    for arguments, stdin, said in (
        (("staff", "add", "short", "--role", "operator"), "short\n", "10"),
        (("staff", "add", "OLENA", "--role", "operator"), PASSWORD, "taken"),
        (("staff", "add", "petro", "--role", "executor"), PASSWORD, "executor"),
    ):
        refused = zvernys(*arguments, folder=home, stdin=stdin)
        assert refused.returncode == 1, arguments
        assert said in refused.stderr.lower()
        assert len(refused.stderr.splitlines()) == 1, refused.stderr
        assert stdin.strip() not in refused.stderr or not stdin.strip() or stdin == "short\n"
    async with db.connect(f"sqlite://{home}/var/zvernys.db"):
        staff = await Staff.all().order_by("id")
        assert [(each.login, each.name, each.executor_id) for each in staff] == [
            ("olena", "Олена", None),
            ("ivan", "ivan", "kryvbasvodokanal"),
        ]
        assert all(each.password_hash.startswith("$argon2id$") for each in staff)


async def test_a_link_for_a_new_password_is_given_on_the_command_line(home: Path) -> None:
    """The way back in for the last administrator."""
    add = ("staff", "add", "olena", "--role", "administrator")
    assert zvernys(*add, folder=home, stdin=PASSWORD).returncode == 0
    async with db.connect(f"sqlite://{home}/var/zvernys.db"):
        now = clock.now()
        await Staff.all().update(totp_secret="S" * 32, totp_since=now)
    done = zvernys("staff", "reset", "OLENA", folder=home, ZVERNYS__SERVER__PUBLIC_URL="https://city.example")
    assert done.returncode == 0, done.stderr
    link, said = done.stdout.splitlines()
    assert link.startswith("https://city.example/admin/reset/")
    assert "24 hours" in said
    lifted = zvernys("staff", "reset", "olena", "--totp", folder=home).stdout.splitlines()
    async with db.connect(f"sqlite://{home}/var/zvernys.db"):
        assert (await Staff.get()).totp_since is None
        with pytest.raises(NotFound):
            await colleagues.owner_of(link.rpartition("/")[2])
        assert (await colleagues.owner_of(lifted[0].rpartition("/")[2])).login == "olena"
    for arguments, why in ((("reset", "nobody"), "no such account"), (("add", "petro"), "needs --role")):
        refused = zvernys("staff", *arguments, folder=home, stdin=PASSWORD)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert why in refused.stderr


def test_understand_shows_what_was_understood(home: Path) -> None:
    done = zvernys("understand", "прорвало трубу на вул. Соборності 12", folder=home)
    assert done.returncode == 0, done.stderr
    assert "water.leak" in done.stdout.splitlines()[0]
    assert "Соборності" in done.stdout
    assert "executor: kryvbasvodokanal" in done.stdout
    assert "by rule" in done.stdout
    assert "deadline: " in done.stdout
    assert "speech: report" in done.stdout


def test_understand_shows_the_answer_and_the_parts(home: Path) -> None:
    asked = zvernys("understand", "а коли дадуть опалення?", folder=home)
    assert "speech: question\ntypical answer: heating_start, worth 0." in asked.stdout
    parted = zvernys("understand", "Ліфт не працює на Миру 5. А ще не вивозять сміття", folder=home)
    assert "problem 1: house.lift, at просп. Миру, 5: «Ліфт не працює на Миру 5.»" in parted.stdout
    assert "problem 2: waste.collection, at просп. Миру, 5: «не вивозять сміття»" in parted.stdout
    official = zvernys("understand", "хочу офіційну скаргу на роботу ЖЕКу", folder=home)
    assert "speech: statutory, a complaint by the law" in official.stdout


def test_understand_says_why_and_where_a_point_is(home: Path) -> None:
    done = zvernys("understand", "сильно пахне газом", "--at", "47.9,33.4", folder=home)
    assert done.returncode == 0, done.stderr
    assert "since it says «газом»" in done.stdout
    assert "taken without asking" in done.stdout
    assert "danger: «пахне», «газом» together tell one; call 104 first" in done.stdout
    assert "point: 47.9, 33.4 is Металургійний район" in done.stdout
    wrong = zvernys("understand", "газ", "--at", "somewhere", folder=home)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "--at" in wrong.stderr


def test_the_model_is_evaluated_on_a_file(home: Path) -> None:
    file = home / "texts.tsv"
    file.write_text("text\tcategory\nліфт стоїть\thouse.lift\nнема води\twater.no_water\n", "utf-8")
    found = json.loads(zvernys("model", "evaluate", str(file), "--json", folder=home).stdout)
    assert (found["n"], found["top1"], found["urgent_recall"]) == (2, 1.0, None)
    assert "top1" in zvernys("model", "evaluate", str(file), folder=home).stdout
    for arguments, said in (((), "needs a FILE"), ((str(home / "none.tsv"),), "none.tsv")):
        refused = zvernys("model", "evaluate", *arguments, folder=home)
        assert refused.returncode == 1
        assert said in refused.stderr
        assert len(refused.stderr.splitlines()) == 1


def test_a_database_that_cant_be_opened_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = zvernys("migrate", folder=tmp_path, ZVERNYS__DATABASE__URL=f"sqlite://{tmp_path}/file/x.db")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    (tmp_path / "not-a-database.db").write_text("plain words " * 100)
    done = zvernys(
        "migrate", folder=tmp_path, ZVERNYS__DATABASE__URL=f"sqlite://{tmp_path}/not-a-database.db"
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_a_server_that_isnt_there_is_one_line(tmp_path: Path) -> None:
    url = "asyncpg://nobody:s3cret@127.0.0.1:9/none"
    done = zvernys("migrate", folder=tmp_path, ZVERNYS__DATABASE__URL=url)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "s3cret" not in done.stderr
