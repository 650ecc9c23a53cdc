"""logging.config.dictConfig with a filter, which no lock protects.

Racy: it counts without one.
"""

import contextlib
import io
import logging
import logging.config
import threading

STREAM = io.StringIO()


class Counting(logging.Filter):
    def __init__(self, lock):
        super().__init__()
        self.lock = lock
        self.seen = 0

    def filter(self, record):
        with self.lock:
            self.seen += 1
        return True


def configure(lock):
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"short": {"format": "{levelname[0]}:{message}", "style": "{"}},
            "filters": {"counting": {"()": Counting, "lock": lock}},
            "handlers": {
                "memory": {
                    "class": "logging.StreamHandler",
                    "formatter": "short",
                    "filters": ["counting"],
                    "stream": STREAM,
                }
            },
            "root": {"level": "DEBUG", "handlers": ["memory"]},
        }
    )


def talk(lock):
    configure(lock)
    threads = [threading.Thread(target=logging.debug, args=("hello",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (handler,) = logging.getLogger().handlers
    assert handler.filters[0].seen == 2
    assert STREAM.getvalue() == "D:hello\n" * 2


def scenario():
    talk(threading.Lock())


def racy():
    talk(contextlib.nullcontext())


if __name__ == "__main__":
    scenario()
