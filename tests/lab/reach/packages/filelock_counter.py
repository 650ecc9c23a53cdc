"""filelock around a counter in a file.

Racy: the file is read and written without it.
"""

import contextlib
import tempfile
import threading
from pathlib import Path

import filelock


def count(make_lock):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "count")
        file.write_text("0", encoding="ascii")

        def add():
            with make_lock(f"{file}.lock"):
                number = int(file.read_text(encoding="ascii"))
                file.write_text(str(number + 1), encoding="ascii")

        threads = [threading.Thread(target=add) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert file.read_text(encoding="ascii") == "2"


def scenario():
    count(lambda path: filelock.FileLock(path, timeout=60, poll_interval=0.001))


def racy():
    count(contextlib.nullcontext)


if __name__ == "__main__":
    scenario()
