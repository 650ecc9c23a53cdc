import threading


class Till:
    def __init__(self):
        self.lock = threading.Lock()
        self.cents = 0

    def add(self, cents):
        with self.lock:
            self.cents += cents

    def add_alone(self, cents):
        self.cents += cents
