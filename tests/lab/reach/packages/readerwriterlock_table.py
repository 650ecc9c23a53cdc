"""readerwriterlock: many read, one writes.

Racy: who writes takes the lock for readers.
"""

import threading

from readerwriterlock import rwlock


class Table:
    def __init__(self, fair):
        self.lock = fair
        self.left, self.right = 5, 5

    def move(self, lock):
        with lock:
            self.left -= 1
            self.right += 1

    def total(self):
        with self.lock.gen_rlock():
            left = self.left
            return left + self.right


def use(make_lock):
    table, totals = Table(rwlock.RWLockFair()), []
    threads = [
        threading.Thread(target=table.move, args=(make_lock(table.lock),)),
        threading.Thread(target=lambda: totals.append(table.total())),
        threading.Thread(target=lambda: totals.append(table.total())),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals == [10, 10]


def scenario():
    use(lambda lock: lock.gen_wlock())


def racy():
    use(lambda lock: lock.gen_rlock())


if __name__ == "__main__":
    scenario()
