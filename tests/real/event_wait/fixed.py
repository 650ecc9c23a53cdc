"""``wait`` returns whether it was woken, or ran out of time."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Event:
    def __init__(self):
        self.condition = threading.Condition()
        self.flag = False
        self.waiting = threading.Event()

    def set(self):
        with self.condition:
            self.flag = True
            self.condition.notify_all()

    def clear(self):
        with self.condition:
            self.flag = False

    def wait(self, timeout):
        with self.condition:
            if not self.flag:
                self.waiting.set()
                return self.condition.wait(timeout)
            return True


def waiter(event):
    assert event.wait(timeout=60)


def pulse(event):
    event.waiting.wait()
    event.set()
    event.clear()


PARTS = Parts(Event, [waiter, pulse])


def scenario():
    PARTS.run()
