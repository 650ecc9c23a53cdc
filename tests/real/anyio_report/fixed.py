"""Where the loop is closed after all, the result is dropped, as it is where the loop was closed
before.
"""

import asyncio
import contextlib
import threading

from tests.benchmarks.yardstick.parts import Parts


class Backend:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.begun = threading.Event()
        self.results = []

    def worker(self):
        self.begun.set()
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.results.append, 42)

    def run(self):
        self.begun.wait()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()


PARTS = Parts(Backend, [Backend.worker, Backend.run])


def scenario():
    PARTS.run()
