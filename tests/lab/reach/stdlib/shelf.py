"""shelve and dbm in a temporary folder, shutil, glob.

Racy: a stock is read, and written back.
"""

import dbm.dumb
import glob
import os
import shelve
import shutil
import tempfile
import threading
from contextlib import nullcontext


def trade(lock):
    folder = tempfile.mkdtemp()
    try:
        with shelve.Shelf(dbm.dumb.open(os.path.join(folder, "stock"))) as stock:
            stock["nails"] = {"left": 10}

            def take(amount):
                with lock:
                    entry = stock["nails"]
                    entry["left"] -= amount
                    stock["nails"] = entry

            threads = [threading.Thread(target=take, args=(amount,)) for amount in (3, 4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert stock["nails"] == {"left": 3}
        assert len(glob.glob(os.path.join(folder, "stock.*"))) >= 2
    finally:
        shutil.rmtree(folder)


def scenario():
    trade(threading.Lock())


def racy():
    trade(nullcontext())


if __name__ == "__main__":
    scenario()
