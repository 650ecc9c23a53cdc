import threading

from anyio import sleep
from anyio.from_thread import start_blocking_portal


def scenario():
    with start_blocking_portal() as portal:
        got = []

        async def work(n):
            await sleep(1)
            return n

        threads = [
            threading.Thread(target=lambda n=n: got.append(portal.call(work, n))) for n in (1, 2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(got) == [1, 2]
