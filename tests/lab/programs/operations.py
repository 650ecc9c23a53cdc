"""Operations on shared primitives, to run some of them in two threads, in either world."""

import queue
import threading

OPERATIONS = {
    "acquire": lambda s: s.lock.acquire(False),
    "acquire in time": lambda s: s.lock.acquire(timeout=0.001),
    "release": lambda s: s.release(),
    "set": lambda s: s.event.set(),
    "clear": lambda s: s.event.clear(),
    "is set": lambda s: s.event.is_set(),
    "wait": lambda s: s.event.wait(0.001),
    "up": lambda s: s.semaphore.release(),
    "down": lambda s: s.semaphore.acquire(False),
    "down in time": lambda s: s.semaphore.acquire(timeout=0.001),
    "put": lambda s: s.put(),
    "get": lambda s: s.get(),
    "notify": lambda s: s.notify(),
    "await": lambda s: s.wait(),
}


class Shared:
    def __init__(self):
        self.lock = threading.Lock()
        self.event = threading.Event()
        self.semaphore = threading.Semaphore(1)
        self.queue = queue.Queue(1)
        self.condition = threading.Condition()

    def release(self):
        try:
            self.lock.release()
        except RuntimeError:
            return "unlocked"

    def put(self):
        try:
            self.queue.put_nowait(1)
        except queue.Full:
            return "full"

    def get(self):
        try:
            return self.queue.get_nowait()
        except queue.Empty:
            return "empty"

    def notify(self):
        with self.condition:
            self.condition.notify()

    def wait(self):
        with self.condition:
            return self.condition.wait(0.001)


def run(programs):
    shared = Shared()
    results = [[] for _ in programs]

    def thread(program, log):
        for operation in program:
            log.append(OPERATIONS[operation](shared))

    threads = [
        threading.Thread(target=thread, args=arguments)
        for arguments in zip(programs, results, strict=True)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results
