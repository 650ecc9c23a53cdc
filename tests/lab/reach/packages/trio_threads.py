"""trio: threads beside a nursery, and back into it.

Racy: the threads do it themselves.
"""

import threading

import trio


class Oven:
    def __init__(self):
        self.loaves = 0

    def bake(self):
        loaves = self.loaves
        self.loaves = loaves + 1


async def bakery(work):
    with trio.fail_after(60):
        async with trio.open_nursery() as nursery:
            for _ in range(2):
                nursery.start_soon(trio.to_thread.run_sync, work)
            await trio.sleep(0.001)


def scenario():
    oven = Oven()
    trio.run(bakery, lambda: trio.from_thread.run_sync(oven.bake))
    assert oven.loaves == 2
    assert threading.current_thread() is threading.main_thread()


def racy():
    oven = Oven()
    trio.run(bakery, oven.bake)
    assert oven.loaves == 2


if __name__ == "__main__":
    scenario()
