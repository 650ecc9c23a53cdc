"""signal.raise_signal in the main thread stops a worker.

Racy: its handler counts as the worker.
"""

import signal
import threading


class Service:
    def __init__(self):
        self.stopping = threading.Event()
        self.beats = []
        self.ticks = 0
        self.caught = None

    def work(self):
        while not self.stopping.wait(0.001):
            self.beats.append("tick")
            self.ticks += 1

    def stop(self, number, frame):
        self.caught = signal.Signals(number).name
        self.stopping.set()

    def count_and_stop(self, number, frame):
        self.beats.append("signal")
        self.ticks += 1
        self.stop(number, frame)


def run(service, handler):
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        thread = threading.Thread(target=service.work)
        thread.start()
        signal.raise_signal(signal.SIGUSR1)
        thread.join()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert signal.getsignal(signal.SIGUSR1) == before
    assert service.caught == "SIGUSR1"
    assert service.ticks == len(service.beats)


def scenario():
    service = Service()
    run(service, service.stop)


def racy():
    service = Service()
    run(service, service.count_and_stop)


if __name__ == "__main__":
    scenario()
