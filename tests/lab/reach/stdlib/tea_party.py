"""asyncio.run with gather, sleep and to_thread.

Racy: threads pour from the pot, and no lock.
"""

import asyncio
import threading
from contextlib import nullcontext


class Pot:
    def __init__(self, lock):
        self.lock = lock
        self.cups = 3

    def pour(self):
        with self.lock:
            left = self.cups - 1
            self.cups = left
        return left


async def guest(pot, name):
    await asyncio.sleep(0.001 * len(name))
    await asyncio.to_thread(pot.pour)
    return name


async def party(pot):
    names = await asyncio.gather(guest(pot, "alice"), guest(pot, "hatter"))
    assert names == ["alice", "hatter"]
    await asyncio.gather(asyncio.to_thread(pot.pour), asyncio.sleep(0))
    return pot.cups


def scenario():
    assert asyncio.run(party(Pot(threading.Lock()))) == 0


def racy():
    async def hasty(pot):
        await asyncio.gather(*(asyncio.to_thread(pot.pour) for _ in range(3)))
        return pot.cups

    assert asyncio.run(hasty(Pot(nullcontext()))) == 0


if __name__ == "__main__":
    scenario()
