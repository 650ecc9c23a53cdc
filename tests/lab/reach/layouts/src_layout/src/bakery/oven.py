import threading
from dataclasses import dataclass, field


@dataclass
class Oven:
    loaves: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def bake(self):
        with self.lock:
            self.loaves += 1

    def bake_alone(self):
        self.loaves += 1
