"""`python -m bot.simulator --port 8081`: the two phones, for a bot started elsewhere."""

import argparse
import asyncio
import contextlib

from bot.simulator.config import SimulatorConfig
from bot.simulator.server import Simulator


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free port")
    config = SimulatorConfig(port=parser.parse_args().port)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(config))


async def _serve(config: SimulatorConfig) -> None:
    async with Simulator(config) as simulator:
        print(f"phones:       {simulator.base}/")  # noqa: T201
        print(f"telegram api: {simulator.telegram_api_base}  token {config.telegram_token}")  # noqa: T201
        print(f"viber api:    {simulator.viber_api_base}  token {config.viber_token}")  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
