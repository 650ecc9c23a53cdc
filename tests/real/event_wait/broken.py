"""``wait`` returns whether the event is set when the waiter is on again, which is after it was
woken, and long enough for the event to be cleared. So it says that the time has run out.

Report: gevent, pull request 751: https://github.com/gevent/gevent/pull/751
Versions: gevent of February 2016, and Python 2.7 (issue 13502)
Kind: timeout
Found: exception AssertionError
Token: -
"""

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
                self.condition.wait(timeout)
            return self.flag


def waiter(event):
    assert event.wait(timeout=60)


def pulse(event):
    event.waiting.wait()
    event.set()
    event.clear()


PARTS = Parts(Event, [waiter, pulse])


def scenario():
    PARTS.run()
