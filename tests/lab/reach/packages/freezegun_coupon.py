"""freezegun: what time it is is said by the test.

Racy: a coupon is valid, and then used.
"""

import threading
from contextlib import nullcontext
from datetime import datetime, timedelta

from freezegun import freeze_time


class Coupon:
    def __init__(self, lock):
        self.lock = lock
        self.until = datetime(2030, 1, 31)
        self.used = False

    def use(self):
        with self.lock:
            if datetime.now() <= self.until and not self.used:
                self.used = True
                return True
        return False


def shop(lock):
    coupon, prices = Coupon(lock), []
    with freeze_time("2030-01-30") as frozen:
        threads = [
            threading.Thread(target=lambda: prices.append(5 if coupon.use() else 10))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        frozen.tick(timedelta(days=7))
        assert not coupon.use()
    assert sorted(prices) == [5, 10]


def scenario():
    shop(threading.Lock())


def racy():
    shop(nullcontext())


if __name__ == "__main__":
    scenario()
