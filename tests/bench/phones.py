"""The simulator in a process of its own, with residents who have begun a chat; says where it is."""

import asyncio
import json
import sys

from bot.simulator import Simulator


async def main(residents: int) -> None:
    async with Simulator() as simulator:
        phones = [simulator.telegram.resident(f"Мешканець {number}") for number in range(residents)]
        for phone in phones:
            await phone.start()
        found = {
            "api_base": simulator.telegram_api_base,
            "token": simulator.config.telegram_token,
            "chats": [phone.address for phone in phones],
        }
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)  # until the parent closes it


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
