"""What a simulator is started with."""

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """Times are seconds; `time_scale` shortens only the pauses between attempts at a webhook.

    `generation` shifts what messages and updates are numbered with. A simulator that is started again beside
    a database that was kept needs a higher one: a number seen before is a repeat, and nobody answers it.
    """

    telegram_token: str = "100001:SIMULATOR"  # noqa: S105 - opens nothing but this simulator
    viber_token: str = "simulator-viber-token"  # noqa: S105 - likewise
    host: str = "127.0.0.1"
    port: int = 0
    time_scale: float = 1.0
    generation: int = 0
    answer_timeout: float = 30.0
    media_ttl: float = 3600.0
    callback_ttl: float = 60.0
    viber_hourly_limit: int = 100
    clock: Callable[[], float] = time.time


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
