"""Settings, the one door: TOML file, overridden by environment (ZVERNYS__TELEGRAM__TOKEN=…).

Frozen once loaded. An unknown or wrong key is refused with its full name and what would be right.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from core.errors import ConfigError

ENV_PREFIX = "ZVERNYS__"


def _http_base(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        message = "must begin with http:// or https://"
        raise ValueError(message)
    return value.rstrip("/")


HttpBase = Annotated[str, AfterValidator(_http_base)]
TimeOfDay = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Server(Section):
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: HttpBase = "http://127.0.0.1:8080"
    data: str = Field(
        "var", description="folder of what is kept and is no row: the trained model, the secret"
    )
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="reverse proxies whose X-Forwarded-For is believed"
    )


class Database(Section):
    url: str = "sqlite://var/zvernys.db"

    @field_validator("url")
    @classmethod
    def _known_scheme(cls, value: str) -> str:
        if not value.startswith(("sqlite://", "asyncpg://")):
            message = "must begin with sqlite:// or asyncpg://"
            raise ValueError(message)
        return value


class Media(Section):
    url: str = "file://var/media"
    max_bytes: int = Field(20_000_000, gt=0)
    max_file_bytes: int = Field(
        20_000_000, gt=0, description="of a video, a voice message or a document; Telegram gives no more"
    )
    max_pixels: int = Field(50_000_000, gt=0)

    @field_validator("url")
    @classmethod
    def _known_scheme(cls, value: str) -> str:
        if not value.startswith(("file://", "s3://")):
            message = "must begin with file:// or s3://"
            raise ValueError(message)
        return value


class Telegram(Section):
    enabled: bool = False
    token: SecretStr = SecretStr("")
    api_base: HttpBase = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr = SecretStr("")
    per_second: float = Field(
        25.0, gt=0, description="messages a second, overall; the platform's limit is 30"
    )
    chat_pause: float = Field(1.05, ge=0, description="seconds between messages to one chat; the limit is 1")


class Viber(Section):
    enabled: bool = False
    token: SecretStr = SecretStr("")
    api_base: HttpBase = "https://chatapi.viber.com/pa"
    name: str = Field("Контакт-центр", min_length=1, max_length=28)
    avatar: str = ""
    per_second: float = Field(20.0, gt=0)
    chat_pause: float = Field(0.5, ge=0)
    session_wait_hours: float = Field(
        12.0, ge=0, description="how long polls and reminders wait for the resident to write, which is free"
    )
    paid_a_month: int = Field(
        1000, ge=0, description="messages outside the free session; 0: none, but for what is urgent"
    )


class City(Section):
    pack: str = Field("", description="folder of a city pack; empty for the one shipped")
    timezone: str = Field("", description="such as Europe/Kyiv; empty for the pack's own")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value and value not in available_timezones():
            message = "must be a time zone such as Europe/Kyiv"
            raise ValueError(message)
        return value


class Panel(Section):
    secret: SecretStr = Field(SecretStr(""), description="signs media links; at least 32 characters")
    session_hours: float = Field(12, gt=0)
    secure_cookies: bool = True
    totp_for_administrators: bool = Field(
        True, description="an administrator without a second step is led to it and may do nothing else"
    )

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:  # noqa: PLR2004 - said in the message
            message = "must be at least 32 characters, or left out to be made on first start"
            raise ValueError(message)
        return value


class Limits(Section):
    """How much one resident may do: far above what people do, far below what a machine can."""

    messages_a_minute: int = Field(40, gt=0)
    messages_a_day: int = Field(1000, gt=0)
    appeals_a_day: int = Field(20, gt=0)
    files_a_day: int = Field(100, gt=0)


class Schedule(Section):
    sweep_seconds: float = Field(15, gt=0, description="pause between sweeps for work that is due")
    close_after_days: float = Field(7, gt=0)
    poll_reminder_days: float = Field(2, gt=0)
    reopen_days: float = Field(30, gt=0)
    draft_days: float = Field(7, gt=0)
    pre_alarm_share: float = Field(
        0.8, gt=0, lt=1, description="share of the period after which the officer hears"
    )
    draft_reminder_hours: float = Field(
        24, gt=0, description="of silence, after which an unsent draft is called to mind"
    )
    together_seconds: float = Field(
        60, ge=0, description="how long a notice waits for others of its appeal, to come as one message"
    )
    quiet_from: TimeOfDay = Field(
        "21:00", description="the city's time from which only what is urgent is told; empty: no quiet hours"
    )
    quiet_to: TimeOfDay = "08:00"
    retrain_at: TimeOfDay = Field(
        "03:30",
        description="the city's time when the category model learns from corrections; empty: only by hand",
    )
    alike_days: float = Field(
        30, gt=0, description="how long an appeal may be joined by who reports the same"
    )
    alike_metres: float = Field(150, gt=0, le=1000, description="how far apart the same may be reported")
    surge_hours: float = Field(3, gt=0, le=24, description="within which many alike are a surge")
    surge_reports: int = Field(8, ge=2, description="different people who make a surge")
    extend_days: int = Field(15, ge=0, description="by how much an operator may move a deadline, once")
    extend_days_most: int = Field(60, ge=0, description="likewise managers and administrators, each time")


class Control(Section):
    """When who hears of a deadline. Hours: the executor's working hours; of what is urgent, the clock's."""

    half_share: float = Field(0.5, gt=0, lt=1, description="of the period, then the officer is reminded")
    overdue_hours: float = Field(4, gt=0, description="past the deadline, then the officer is reminded again")
    head_hours: float = Field(8, gt=0, description="past the deadline, then the executor's head hears")
    deputy_hours: float = Field(24, gt=0, description="likewise the deputy mayor of the portfolio")
    mayor_hours: float = Field(40, gt=0, description="likewise the mayor")
    urgent_overdue_hours: float = Field(0.5, gt=0, description="these four of what is urgent")
    urgent_head_hours: float = Field(1, gt=0)
    urgent_deputy_hours: float = Field(3, gt=0)
    urgent_mayor_hours: float = Field(6, gt=0)
    daily_at: TimeOfDay = Field("08:15", description="the city's time of the daily list; empty: none")
    reports_at: TimeOfDay = Field("08:30", description="the city's time of subscribed reports; empty: none")
    idle_days: float = Field(5, gt=0, description="without movement, after which it is in the daily list")
    acknowledge_minutes: float = Field(
        5, gt=0, description="for who is on duty; then the next of the roster is called"
    )
    denied_reports: int = Field(
        20, ge=1, description="latest judged results of an executor that decide how often it is checked"
    )
    lease_seconds: float = Field(
        15, ge=2, le=25, description="for which one process runs the jobs; then another may take over"
    )


class Log(Section):
    format: Literal["readable", "json"] = "readable"
    level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=ENV_PREFIX, env_nested_delimiter="__", case_sensitive=False
    )

    server: Server = Server()
    database: Database = Database()
    media: Media = Media()
    telegram: Telegram = Telegram()
    viber: Viber = Viber()
    city: City = City()
    panel: Panel = Panel()
    schedule: Schedule = Schedule()
    control: Control = Control()
    limits: Limits = Limits()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del settings_cls, dotenv_settings, file_secret_settings
        return (env_settings, init_settings)


def load(path: Path | None = None, **overrides: Any) -> Settings:  # noqa: ANN401 - sections of any shape
    """Read the settings; `overrides` are sections that win over the file but not over the environment.

    Raises ConfigError with one line for each wrong key.
    """
    data: dict[str, Any] = {}
    if path is not None:
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise ConfigError(
                "config.unreadable", path=str(path), why=error.strerror or str(error)
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError("config.not_toml", path=str(path), why=str(error)) from error
    for section, values in overrides.items():
        data[section] = {**data.get(section, {}), **values}
    wrong = list(_unknown_in_environment())
    try:
        settings = Settings(**data)
    except ValidationError as error:
        wrong += [_in_words(detail) for detail in error.errors()]
    else:
        wrong += _missing(settings)
        if not wrong:
            return settings
    raise ConfigError("config.wrong", lines="\n".join(wrong))


def _unknown_in_environment() -> list[str]:
    sections = {name.upper() for name in Settings.model_fields}
    return [
        f"{name}: no such section; there are {', '.join(sorted(sections)).lower()}"
        for name in os.environ
        if name.upper().startswith(ENV_PREFIX)
        and name.upper().removeprefix(ENV_PREFIX).split("__")[0] not in sections
    ]


def _in_words(detail: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    where = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        section: type[BaseModel] = Settings
        if len(detail["loc"]) > 1:
            section = Settings.model_fields[str(detail["loc"][0])].annotation  # type: ignore[assignment]
        return f"{where}: no such key; there are {', '.join(section.model_fields)}"
    return f"{where}: {detail['msg'].removeprefix('Value error, ')}"


def _missing(settings: Settings) -> list[str]:
    """What only shows when keys are seen together."""
    wrong = []
    for name, channel in (("telegram", settings.telegram), ("viber", settings.viber)):
        token = channel.token.get_secret_value()
        if channel.enabled and not token:
            wrong.append(f"{name}.token: needed when {name}.enabled is true")
        elif not token.isascii() or token != token.strip():
            wrong.append(f"{name}.token: has characters that no token has")
    telegram = settings.telegram
    secret = telegram.webhook_secret.get_secret_value()
    if telegram.enabled and telegram.mode == "webhook":
        if not secret or not secret.isascii() or not secret.replace("_", "").replace("-", "").isalnum():
            wrong.append("telegram.webhook_secret: needed in webhook mode; letters, digits, _ and - only")
        if not settings.server.public_url.startswith("https://") and "api.telegram.org" in telegram.api_base:
            wrong.append("server.public_url: Telegram calls webhooks over https:// only")
    quiet = settings.schedule.quiet_from, settings.schedule.quiet_to
    if any(quiet) and (not all(quiet) or quiet[0] == quiet[1]):
        wrong.append("schedule.quiet_to: quiet hours have a beginning and another end, or neither")
    real_viber = settings.viber.enabled and "viber.com" in settings.viber.api_base
    if real_viber and not settings.server.public_url.startswith("https://"):
        wrong.append("server.public_url: Viber calls webhooks and fetches photos over https:// only")
    return wrong
