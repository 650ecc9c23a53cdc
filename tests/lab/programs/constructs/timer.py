"""A timer that is cancelled may be ringing already; who joins it knows."""

import threading

from _parts import run


def broken():
    rung = []
    timer = threading.Timer(0.2, lambda: rung.append("ring"))
    timer.start()
    timer.cancel()
    before = list(rung)
    timer.join()
    assert rung == before


def sound():
    rung = []
    timer = threading.Timer(0.2, lambda: rung.append("ring"))
    timer.start()
    timer.cancel()
    timer.join()
    before = list(rung)
    timer.join()
    assert rung == before


if __name__ == "__main__":
    run(broken, sound)
