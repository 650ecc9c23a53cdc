"""zipfile, csv, json, hashlib, io: a report is packed by two.

Racy: the index is kept bare.
"""

import csv
import hashlib
import io
import json
import threading
import zipfile
from contextlib import nullcontext


def table(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


class Packer:
    def __init__(self, lock):
        self.lock = lock
        self.buffer = io.BytesIO()
        self.index = ()

    def pack(self, archive, name, rows):
        data = table(rows)
        entry = (name, hashlib.sha256(data.encode()).hexdigest())
        with self.lock:
            index = self.index
            archive.writestr(name, data)
            self.index = (*index, entry)


def report(lock):
    packer = Packer(lock)
    with zipfile.ZipFile(packer.buffer, "w") as archive:
        threads = [
            threading.Thread(target=packer.pack, args=(archive, f"{name}.csv", [(name, 1)]))
            for name in ("north", "south")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        archive.writestr("index.json", json.dumps(dict(packer.index)))
    with zipfile.ZipFile(packer.buffer) as archive:
        assert archive.testzip() is None
        assert sorted(json.loads(archive.read("index.json"))) == ["north.csv", "south.csv"]
        assert archive.read("north.csv") == b"north,1\r\n"


def scenario():
    report(threading.Lock())


def racy():
    report(nullcontext())


if __name__ == "__main__":
    scenario()
