"""Threads that are started in a loop read its variable, which may have gone on."""

import threading

from _parts import run


def broken():
    seen = []
    threads = []
    for number in range(2):
        threads.append(threading.Thread(target=lambda: seen.append(number)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [0, 1]


def sound():
    seen = []
    threads = []
    for number in range(2):
        threads.append(threading.Thread(target=lambda number=number: seen.append(number)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [0, 1]


if __name__ == "__main__":
    run(broken, sound)
