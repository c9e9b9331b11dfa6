"""A bare webhook: each update is answered by one sendMessage, and nothing is kept. Says its port."""

import asyncio
import sys

from aiohttp import ClientSession, web


async def main(method: str) -> None:
    async with ClientSession() as http:

        async def answer(request: web.Request) -> web.Response:
            update = await request.json()
            message = update.get("message") or update["callback_query"]["message"]
            said = {"chat_id": message["chat"]["id"], "text": "Вітаю"}
            async with http.post(method, data=said) as response:
                assert (await response.json())["ok"]
            return web.Response()

        app = web.Application()
        app.router.add_post("/", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        sys.stdout.write(f"{runner.addresses[0][1]}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)  # until the parent closes it
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
