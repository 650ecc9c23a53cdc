import threading


class Loyal:
    def __init__(self):
        self.lock = threading.Lock()
        self.visits = 0

    def __call__(self, careful):
        if careful:
            with self.lock:
                return self.count()
        return self.count()

    def count(self):
        self.visits += 1
        return self.visits
