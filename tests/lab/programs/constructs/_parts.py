"""What the programs of this folder share."""

import contextlib
import sys
import threading

NO_LOCK = contextlib.nullcontext()


def together(*functions):
    """Run them in a thread each, and wait for all."""
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run(broken, sound):
    """On real threads, from the command line: what is sound, or with ``broken`` what is not."""
    (broken if sys.argv[1:] == ["broken"] else sound)()
