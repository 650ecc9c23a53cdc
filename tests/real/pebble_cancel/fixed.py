"""The future is marked as running first, which a cancelled one refuses, and which rules out to
cancel it.
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
        answer = self.answers.get()
        if self.future.set_running_or_notify_cancel():
            self.future.set_result(answer)


def caller(call):
    try:
        call.future.result(timeout=0.1)
    except TimeoutError:
        call.future.cancel()


PARTS = Parts(Call, [caller, Call.handle, Call.worker])


def scenario():
    PARTS.run()
