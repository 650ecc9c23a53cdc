"""os.pipe, waited for with select.select.

Racy: two writers of one pipe, in halves.
"""

import os
import select
import threading
from contextlib import nullcontext


def pour(lock):
    mouth, tap = os.pipe()

    def write(word):
        with lock:
            for half in (word[:2], word[2:]):
                os.write(tap, half)

    threads = [threading.Thread(target=write, args=(word,)) for word in (b"good", b"luck")]
    for thread in threads:
        thread.start()
    received = b""
    while len(received) < 8:
        readable, _, _ = select.select([mouth], [], [], 60)
        assert readable == [mouth]
        received += os.read(mouth, 16)
    for thread in threads:
        thread.join()
    os.close(tap)
    with open(mouth, "rb") as stream:
        assert stream.read() == b""
    return received


def scenario():
    assert pour(threading.Lock()) in (b"goodluck", b"luckgood")


def racy():
    assert pour(nullcontext()) in (b"goodluck", b"luckgood")


if __name__ == "__main__":
    scenario()
