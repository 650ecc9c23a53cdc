"""selectors, and a pair of sockets that wakes the loop.

Racy: it is woken before there is a job.
"""

import selectors
import socket
import threading


class Loop:
    def __init__(self):
        self.jobs = []
        self.waiter, self.waker = socket.socketpair()
        self.waiter.setblocking(False)

    def wake(self):
        self.waker.send(b"!")

    def run_one(self):
        with selectors.DefaultSelector() as selector, self.waiter, self.waker:
            selector.register(self.waiter, selectors.EVENT_READ, data="wake")
            while not self.jobs:
                for key, _ in selector.select(timeout=60):
                    assert key.data == "wake"
                    assert key.fileobj.recv(10)
            return self.jobs.pop()()


def scenario():
    loop = Loop()

    def submit():
        loop.jobs.append(lambda: "done")
        loop.wake()

    thread = threading.Thread(target=submit)
    thread.start()
    thread.join()
    assert loop.run_one() == "done"


def racy():
    loop = Loop()

    def submit():
        loop.wake()
        loop.jobs.append(lambda: "done")

    thread = threading.Thread(target=submit)
    thread.start()
    with selectors.DefaultSelector() as selector:
        selector.register(loop.waiter, selectors.EVENT_READ)
        assert selector.select(60)
    assert len(loop.jobs) == 1
    thread.join()
    assert loop.run_one() == "done"


if __name__ == "__main__":
    scenario()
