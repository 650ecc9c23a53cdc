"""A worker thread reports its result to an event loop, unless that is closed. The loop is closed
between the look and the report.

Report: AnyIO, issue 1265: https://github.com/agronholm/anyio/issues/1265
Versions: AnyIO up to 4.14.2
Kind: order of shutdown
Found: exception RuntimeError
Token: 15.1,17.1
"""

import asyncio
import threading

from tests.benchmarks.yardstick.parts import Parts


class Backend:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.begun = threading.Event()
        self.results = []

    def worker(self):
        self.begun.set()
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.results.append, 42)

    def run(self):
        self.begun.wait()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()


PARTS = Parts(Backend, [Backend.worker, Backend.run])


def scenario():
    PARTS.run()
