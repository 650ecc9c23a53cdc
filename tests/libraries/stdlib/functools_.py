"""functools.cached_property: the slow properties of two objects need each other's class."""

import threading
from functools import cached_property


class Shop:
    def __init__(self, other=None):
        self.other = other

    @cached_property
    def prices(self):
        return self.other.stock if self.other else {"tea": 3}


class Warehouse:
    def __init__(self, other=None):
        self.other = other

    @cached_property
    def stock(self):
        return self.other.prices if self.other else {"tea": 9}


def scenario():
    shop, warehouse = Shop(Warehouse()), Warehouse(Shop())
    threads = [
        threading.Thread(target=lambda: shop.prices),
        threading.Thread(target=lambda: warehouse.stock),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
