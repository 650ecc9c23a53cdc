import threading

import child


class Parent:
    def __init__(self):
        self.lock = threading.Lock()
        self.child = child.Child(self)
        self.cookies = 1

    def give(self):
        with self.lock:
            return self.give_alone()

    def give_alone(self):
        if self.cookies > 0:
            self.cookies = self.cookies - 1
            return True
        return False
