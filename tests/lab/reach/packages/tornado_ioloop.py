"""tornado: its loop in a thread, callbacks from others.

Racy: the callbacks are left out.
"""

import asyncio
import threading

from tornado.ioloop import IOLoop
from tornado.queues import Queue


class Room:
    def __init__(self):
        self.people = 0

    def enter(self):
        people = self.people
        self.people = people + 1


def run(room, through_the_loop):
    ready = threading.Event()
    loops = []

    async def main():
        over = asyncio.Event()
        loops.append((IOLoop.current(), over))
        ready.set()
        queue = Queue(maxsize=1)
        await queue.put("welcome")
        await over.wait()
        return await queue.get()

    server = threading.Thread(target=asyncio.run, args=(main(),))
    server.start()
    ready.wait()
    ((loop, over),) = loops

    def guest():
        if through_the_loop:
            loop.add_callback(room.enter)
        else:
            room.enter()

    guests = [threading.Thread(target=guest) for _ in range(2)]
    for each in guests:
        each.start()
    for each in guests:
        each.join()
    loop.add_callback(over.set)
    server.join()
    assert room.people == 2


def scenario():
    run(Room(), through_the_loop=True)


def racy():
    run(Room(), through_the_loop=False)


if __name__ == "__main__":
    scenario()
