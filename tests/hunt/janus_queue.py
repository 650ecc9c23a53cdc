import asyncio
import threading

import janus


def scenario():
    async def main():
        queue = janus.Queue(maxsize=1)
        putter = threading.Thread(target=lambda: [queue.sync_q.put(n) for n in (1, 2)])
        putter.start()
        got = [await queue.async_q.get() for _ in range(2)]
        await queue.aclose()
        putter.join()
        assert got == [1, 2]

    asyncio.run(main())
