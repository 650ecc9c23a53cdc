"""A daemon thread is left behind, which waits for ever."""

import threading

from _parts import run


def broken():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, daemon=True)
    thread.start()


def sound():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, daemon=True)
    thread.start()
    stop.set()
    thread.join()


if __name__ == "__main__":
    run(broken, sound)
