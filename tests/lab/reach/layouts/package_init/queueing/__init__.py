"""The scenario stands in the package itself.

Racy: who is next is told before the queue moves.
"""

import threading

from queueing.line import Line


def wait(careful):
    line, called = Line(["ada", "bob"]), []
    threads = [threading.Thread(target=lambda: called.append(line.call(careful))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(called) == ["ada", "bob"]


def scenario():
    wait(careful=True)


def racy():
    wait(careful=False)
