"""The thread that waits for a worker sets the future when the worker has answered. Whoever waits
for the future may have given up and cancelled it, and that is not looked for at all.

Report: Pebble, issue 75: https://github.com/noxdafox/pebble/issues/75
Versions: Pebble of February 2021
Kind: future set twice
Found: exception InvalidStateError
Token: 13+1.1
"""

import queue
from concurrent.futures import Future, TimeoutError

from tests.benchmarks.yardstick.parts import Parts


class Call:
    def __init__(self):
        self.answers = queue.Queue()
        self.future = Future()

    def worker(self):
        self.answers.put(42)

    def handle(self):
        self.future.set_result(self.answers.get())


def caller(call):
    try:
        call.future.result(timeout=0.1)
    except TimeoutError:
        call.future.cancel()


PARTS = Parts(Call, [caller, Call.handle, Call.worker])


def scenario():
    PARTS.run()
