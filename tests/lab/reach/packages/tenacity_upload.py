"""tenacity tries again, and waits in between.

Racy: the attempts of all are counted bare.
"""

import contextlib
import threading

import tenacity


class Server:
    def __init__(self, lock):
        self.lock = lock
        self.attempts = 0
        self.refused = set()

    def accept(self, name):
        with self.lock:
            self.attempts += 1
        if name not in self.refused:
            self.refused.add(name)
            raise ConnectionError(name)
        return f"{name} is here"


def upload(lock):
    server, answers = Server(lock), []
    retrying = tenacity.retry(
        stop=tenacity.stop_after_attempt(3),
        wait=tenacity.wait_fixed(0.002),
        retry=tenacity.retry_if_exception_type(ConnectionError),
        reraise=True,
    )
    accept = retrying(server.accept)
    threads = [
        threading.Thread(target=lambda name: answers.append(accept(name)), args=(name,))
        for name in ("a", "b")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["a is here", "b is here"]
    assert server.attempts == 4


def scenario():
    upload(threading.Lock())


def racy():
    upload(contextlib.nullcontext())


if __name__ == "__main__":
    scenario()
