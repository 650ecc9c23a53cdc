import threading


class Line:
    def __init__(self, names):
        self.names = names
        self.lock = threading.Lock()

    def call(self, careful):
        if careful:
            with self.lock:
                return self._call()
        return self._call()

    def _call(self):
        name = self.names[0]
        self.names.remove(name)
        return name
