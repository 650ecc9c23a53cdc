"""What a .pth file says is on the path, as after ``pip install -e``.

Racy: cents are lost.
"""

import site
import threading
from pathlib import Path

site.addsitedir(str(Path(__file__).resolve().parent / "site"))

import till


def pay(counter, add):
    threads = [threading.Thread(target=add, args=(cents,)) for cents in (5, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.cents == 12


def scenario():
    counter = till.Till()
    pay(counter, counter.add)


def racy():
    counter = till.Till()
    pay(counter, counter.add_alone)


if __name__ == "__main__":
    scenario()
