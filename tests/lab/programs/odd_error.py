"""An error that counts how often it is asked for its text."""

import threading


class Odd(Exception):
    said = 0

    def __str__(self):
        Odd.said += 1
        return "odd"


def scenario():
    def fail():
        raise Odd

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert not Odd.said
