import threading

from cached_property import threaded_cached_property


class Shop:
    def __init__(self):
        self.made = 0

    @threaded_cached_property
    def prices(self):
        self.made += 1
        return self.made


def scenario():
    shop = Shop()
    got = []
    threads = [threading.Thread(target=lambda: got.append(shop.prices)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [1, 1]
