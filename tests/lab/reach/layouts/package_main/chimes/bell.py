from threading import Lock


class Bell:
    def __init__(self, name, lock=None):
        self.name = name
        self.lock = lock or Lock()
        self.rung = 0

    def ring(self):
        with self.lock:
            self.rung += 1
