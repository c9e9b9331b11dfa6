"""The one door to the settings: what is wrong is named, with what would be right; secrets stay secret."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from core.config import ENV_PREFIX, Settings, load
from core.errors import ConfigError
from core.i18n import t

TOKEN = "123456789:AAtoken-of-a-real-bot"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith(ENV_PREFIX):
            monkeypatch.delenv(name)


def wrong(path: Path | None = None, **sections: Any) -> list[str]:
    """The lines of the refusal."""
    with pytest.raises(ConfigError) as refused:
        load(path, **sections)
    assert refused.value.key == "config.wrong"
    return str(refused.value.params["lines"]).splitlines()


def test_without_a_file_everything_has_a_default_that_works() -> None:
    settings = load()
    assert settings.database.url == "sqlite://var/zvernys.db"
    assert not settings.telegram.enabled
    assert not settings.viber.enabled


def test_the_file_then_the_caller_then_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[server]\nhost = "10.0.0.1"\nport = 1\n[viber]\nname = "Місто"\n')
    assert load(file).server.port == 1
    settings = load(file, server={"port": 2})
    assert (settings.server.host, settings.server.port) == ("10.0.0.1", 2)
    monkeypatch.setenv("ZVERNYS__SERVER__PORT", "3")
    monkeypatch.setenv("zvernys__telegram__token", TOKEN)
    settings = load(file, server={"port": 2})
    assert (settings.server.host, settings.server.port) == ("10.0.0.1", 3)
    assert settings.telegram.token.get_secret_value() == TOKEN
    assert settings.viber.name == "Місто"


@pytest.mark.parametrize(
    ("sections", "named", "right"),
    [
        ({"server": {"prot": 1}}, "server.prot", "host, port, public_url"),
        ({"sever": {"port": 1}}, "sever", "server, database"),
        ({"server": {"port": "many"}}, "server.port", "integer"),
        ({"server": {"port": 70_000}}, "server.port", "65535"),
        ({"server": {"public_url": "city.example"}}, "server.public_url", "https://"),
        ({"database": {"url": "mysql://x"}}, "database.url", "sqlite:// or asyncpg://"),
        ({"media": {"url": "/var/media"}}, "media.url", "file:// or s3://"),
        ({"media": {"max_bytes": 0}}, "media.max_bytes", "greater than 0"),
        ({"telegram": {"mode": "pooling"}}, "telegram.mode", "'polling' or 'webhook'"),
        ({"telegram": {"enabled": True}}, "telegram.token", "needed"),
        ({"viber": {"enabled": True}}, "viber.token", "needed"),
        ({"telegram": {"token": "ключ"}}, "telegram.token", "characters that no token has"),
        ({"telegram": {"token": f" {TOKEN}"}}, "telegram.token", "characters that no token has"),
        ({"viber": {"name": "я" * 29}}, "viber.name", "28"),
        ({"city": {"timezone": "Kiev/Europe"}}, "city.timezone", "Europe/Kyiv"),
        ({"panel": {"secret": "short"}}, "panel.secret", "32 characters"),
        ({"schedule": {"pre_alarm_share": 1}}, "schedule.pre_alarm_share", "less than 1"),
        ({"schedule": {"sweep_seconds": -1}}, "schedule.sweep_seconds", "greater than 0"),
        ({"log": {"level": "loud"}}, "log.level", "'debug'"),
        (
            {"telegram": {"enabled": True, "token": TOKEN, "mode": "webhook"}},
            "telegram.webhook_secret",
            "letters, digits",
        ),
        (
            {"telegram": {"enabled": True, "token": TOKEN, "mode": "webhook", "webhook_secret": "тайна"}},
            "telegram.webhook_secret",
            "letters, digits",
        ),
        (
            {"telegram": {"enabled": True, "token": TOKEN, "mode": "webhook", "webhook_secret": "abc"}},
            "server.public_url",
            "https://",
        ),
        ({"viber": {"enabled": True, "token": "a-b-c"}}, "server.public_url", "https://"),
    ],
)
def test_a_wrong_key_is_named_with_what_would_be_right(
    sections: dict[str, Any], named: str, right: str
) -> None:
    lines = wrong(**sections)
    assert any(line.startswith(f"{named}: ") and right in line for line in lines), lines


def test_all_that_is_wrong_is_named_at_once() -> None:
    lines = wrong(server={"port": -1, "prot": 1}, log={"level": "loud"})
    assert sorted(line.partition(":")[0] for line in lines) == ["log.level", "server.port", "server.prot"]


def test_the_environments_mistakes_are_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZVERNYS__TELEGARM__TOKEN", "x")
    monkeypatch.setenv("ZVERNYS__SERVER__PORT", "many")
    monkeypatch.setenv("ZVERNYS__SERVER__PROT", "1")
    lines = wrong()
    assert any(line.startswith("ZVERNYS__TELEGARM__TOKEN: no such section") for line in lines), lines
    assert any(line.startswith("server.port: ") for line in lines), lines
    assert any(line.startswith("server.prot: no such key") for line in lines), lines


def test_a_file_that_cant_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as gone:
        load(tmp_path / "nowhere.toml")
    assert (gone.value.key, gone.value.params["path"]) == ("config.unreadable", f"{tmp_path}/nowhere.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[server\nport = 1")
    with pytest.raises(ConfigError) as refused:
        load(broken)
    assert refused.value.key == "config.not_toml"
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError) as undecodable:
        load(broken)
    assert undecodable.value.key == "config.not_toml"
    for refusal in (gone, refused, undecodable):
        assert str(tmp_path) in t(refusal.value.key, "en", **refusal.value.params)


@pytest.mark.parametrize("shape", ['server = "x"', "server = 1", "server = []", "telegram = true"])
def test_a_section_that_is_none_is_named(tmp_path: Path, shape: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(shape)
    (line,) = wrong(file)
    assert line.startswith(f"{shape.partition(' ')[0]}: ")


def test_secrets_are_never_shown() -> None:
    secrets = {"telegram": TOKEN, "webhook": "hook-secret-1", "viber": "4455-token-5566", "panel": "p" * 32}
    settings = load(
        telegram={"token": secrets["telegram"], "webhook_secret": secrets["webhook"]},
        viber={"token": secrets["viber"]},
        panel={"secret": secrets["panel"]},
    )
    shown = (
        repr(settings) + str(settings) + settings.model_dump_json() + json.dumps(str(settings.model_dump()))
    )
    assert not [name for name, secret in secrets.items() if secret in shown]


@pytest.mark.parametrize(
    ("section", "key"), [("telegram", "token"), ("viber", "token"), ("panel", "secret"), ("telegram", "mode")]
)
def test_a_refusal_shows_no_secret(section: str, key: str) -> None:
    secret = "тайна-що-її-ніхто-не-бачить" if key == "token" else "s3cret"
    sections: dict[str, Any] = {section: {key: secret}}
    assert secret not in " ".join(wrong(**sections))


def test_settings_stay_as_they_were_loaded() -> None:
    settings = load()
    with pytest.raises(ValueError, match="frozen"):
        settings.server.port = 1  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        settings.server = Settings().server  # type: ignore[misc]
