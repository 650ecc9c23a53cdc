import logging
import pathlib
import tempfile
import threading

from concurrent_log_handler import ConcurrentRotatingFileHandler


def scenario():
    with tempfile.TemporaryDirectory() as folder:
        handler = ConcurrentRotatingFileHandler(f"{folder}/log", maxBytes=20, backupCount=5)
        log = logging.Logger("hunt")
        log.addHandler(handler)
        threads = [threading.Thread(target=log.info, args=("line %s", n)) for n in (1, 2, 3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        handler.close()
        lines = [
            line
            for file in pathlib.Path(folder).glob("log*")
            for line in file.read_text().splitlines()
        ]
        assert sorted(lines) == ["line 1", "line 2", "line 3"]
