import threading

from ledger import note


class Stock:
    def __init__(self, left):
        self.left = left
        self.lock = threading.Lock()

    def take(self):
        with self.lock:
            return self.take_alone()

    def take_alone(self):
        if self.left:
            note("sold")
            self.left -= 1
