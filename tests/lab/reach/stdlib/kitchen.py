"""asyncio.Queue, TaskGroup and timeouts, fed by a thread.

Racy: an order number is made in two.
"""

import asyncio
import itertools
import threading


class Numbers:
    def __init__(self):
        self.last = 0

    def __iter__(self):
        return self

    def __next__(self):
        number = self.last + 1
        self.last = number
        return number


async def cook(orders, served):
    while (order := await orders.get()) is not None:
        served.append(order)
        orders.task_done()
    orders.task_done()


async def dinner(numbers):
    loop, orders, served = asyncio.get_running_loop(), asyncio.Queue(maxsize=4), []

    def waiter(dish):
        order = f"{next(numbers)}"
        asyncio.run_coroutine_threadsafe(orders.put(order), loop).result()

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(cook(orders, served))
        waiters = [threading.Thread(target=waiter, args=(dish,)) for dish in ("soup", "fish")]
        for each in waiters:
            each.start()
        for each in waiters:
            await asyncio.to_thread(each.join)
        await orders.put(None)
        await orders.join()
    return sorted(served)


def scenario():
    assert asyncio.run(dinner(itertools.count(1))) == ["1", "2"]


def racy():
    assert asyncio.run(dinner(Numbers())) == ["1", "2"]


if __name__ == "__main__":
    scenario()
