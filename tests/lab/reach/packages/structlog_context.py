"""structlog: processors and context variables.

Racy: a processor numbers the events, bare.
"""

import itertools
import threading

import structlog
from structlog.testing import LogCapture


class Numbering:
    def __init__(self):
        self.last = 0

    def __call__(self, logger, name, event):
        event["number"] = self.last
        self.last = event["number"] + 1
        return event


def number_safely(numbers):
    def process(logger, name, event):
        return event | {"number": next(numbers)}

    return process


def log(numbering):
    captured = LogCapture()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, numbering, captured],
        cache_logger_on_first_use=False,
    )

    def serve(user):
        structlog.contextvars.bind_contextvars(user=user)
        structlog.get_logger().info("served")

    threads = [threading.Thread(target=serve, args=(user,)) for user in ("ada", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    structlog.reset_defaults()
    assert sorted(entry["user"] for entry in captured.entries) == ["ada", "bob"]
    assert sorted(entry["number"] for entry in captured.entries) == [0, 1]


def scenario():
    log(number_safely(itertools.count()))


def racy():
    log(Numbering())


if __name__ == "__main__":
    scenario()
