"""anyio: task groups, worker threads and from_thread.

Racy: the workers share a bare variable.
"""

import anyio
import anyio.from_thread
import anyio.to_thread


class Stock:
    def __init__(self):
        self.left = 4

    def take(self):
        left = self.left
        self.left = left - 1

    async def take_in_the_loop(self):
        self.take()


async def sell(take):
    async with anyio.create_task_group() as group:
        with anyio.fail_after(60):
            for _ in range(2):
                group.start_soon(anyio.to_thread.run_sync, take)


def scenario():
    stock = Stock()
    anyio.run(sell, lambda: anyio.from_thread.run(stock.take_in_the_loop))
    assert stock.left == 2


def racy():
    stock = Stock()
    anyio.run(sell, stock.take)
    assert stock.left == 2


if __name__ == "__main__":
    scenario()
