"""logging's RotatingFileHandler in a temporary folder.

Racy: two see that it is time to rotate.
"""

import logging
import os
import tempfile
import threading
from logging.handlers import RotatingFileHandler


def rotate_by(handler, rotate):
    def write():
        log.error("0123456789")
        rotate(handler)

    log = logging.Logger("disk")
    log.addHandler(handler)
    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handler.close()
    return sorted(os.listdir(os.path.dirname(handler.baseFilename)))


def leave_it_alone(handler):
    pass


def by_hand(handler):
    if os.path.getsize(handler.baseFilename) > 15:
        handler.doRollover()


def scenario():
    with tempfile.TemporaryDirectory() as folder:
        handler = RotatingFileHandler(os.path.join(folder, "log"), maxBytes=15, backupCount=3)
        assert rotate_by(handler, leave_it_alone) == ["log", "log.1"]


def racy():
    with tempfile.TemporaryDirectory() as folder:
        handler = RotatingFileHandler(os.path.join(folder, "log"), backupCount=3)
        assert rotate_by(handler, by_hand) == ["log", "log.1"]


if __name__ == "__main__":
    scenario()
