"""loop.call_soon_threadsafe sets a future.

Racy: call_soon, which wakes no loop that sleeps.
"""

import asyncio
import threading


def run(call):
    async def main():
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        thread = threading.Thread(target=tell, args=(loop, answer))
        thread.start()
        assert await answer == "now"
        thread.join()

    def tell(loop, answer):
        getattr(loop, call)(answer.set_result, "now")

    asyncio.run(main())


def scenario():
    run("call_soon_threadsafe")


def racy():
    run("call_soon")


if __name__ == "__main__":
    scenario()
