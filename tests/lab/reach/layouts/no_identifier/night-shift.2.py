"""A file whose name is no identifier.

Racy: the watch is over before the next one has begun.
"""

import threading


def guard(careful):
    posts, change, gaps = {"gate": "ada"}, threading.Lock(), []

    def take_over():
        if careful:
            with change:
                del posts["gate"]
                posts["gate"] = "bob"
        else:
            del posts["gate"]
            posts["gate"] = "bob"

    def inspect():
        with change:
            if "gate" not in posts:
                gaps.append("nobody is at the gate")

    threads = [threading.Thread(target=take_over), threading.Thread(target=inspect)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not gaps


def scenario():
    guard(careful=True)


def racy():
    guard(careful=False)


if __name__ == "__main__":
    scenario()
