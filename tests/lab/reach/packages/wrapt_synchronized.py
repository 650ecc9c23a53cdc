"""wrapt: synchronized methods, and decorators of one's own.

Racy: the same without the lock.
"""

import threading

import wrapt


class Meter:
    def __init__(self):
        self.value = 0
        self.calls = []

    @wrapt.synchronized
    def add(self, amount):
        self.value += amount


@wrapt.decorator
def noted(wrapped, instance, args, kwargs):
    instance.calls.append(wrapped.__name__)
    return wrapped(*args, **kwargs)


class NotedMeter(Meter):
    @noted
    def add(self, amount):
        self.value += amount


def run(meter):
    threads = [threading.Thread(target=meter.add, args=(amount,)) for amount in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrapt.ObjectProxy(meter).value == 5


def scenario():
    run(Meter())


def racy():
    run(NotedMeter())


if __name__ == "__main__":
    scenario()
