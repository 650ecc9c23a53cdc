"""A thread runs for ever, and the scenario joins it."""

import threading


def scenario():
    thread = threading.Thread(target=spin)
    thread.start()
    thread.join()


def spin():
    while True:
        pass
