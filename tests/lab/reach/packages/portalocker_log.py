"""portalocker: a file that one has for oneself.

Racy: looked whether it is empty, then written.
"""

import tempfile
import threading
from pathlib import Path

import portalocker


def keep(open_log):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log")
        path.touch()

        def write(text):
            with open_log(path) as log:
                if path.stat().st_size == 0:
                    log.write("header\n")
                    log.flush()
                log.write(f"{text}\n")

        threads = [threading.Thread(target=write, args=(text,)) for text in ("one", "two")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "header"
    assert sorted(lines[1:]) == ["one", "two"]


def scenario():
    keep(lambda path: portalocker.Lock(path, "a", timeout=60, check_interval=0.001))


def racy():
    keep(lambda path: path.open("a", encoding="utf-8"))


if __name__ == "__main__":
    scenario()
