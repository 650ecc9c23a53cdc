"""Two modules that import each other.

Racy: one cookie is given twice.
"""

import threading

from parent import Parent


def ask(parent, give):
    child = parent.child
    threads = [threading.Thread(target=child.ask, args=(give,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert child.eaten == ["cookie"]


def scenario():
    parent = Parent()
    ask(parent, parent.give)


def racy():
    parent = Parent()
    ask(parent, parent.give_alone)


if __name__ == "__main__":
    scenario()
