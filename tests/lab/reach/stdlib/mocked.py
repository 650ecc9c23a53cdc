"""unittest.mock patches what is named by a string.

Racy: a retry counts what others failed.
"""

import threading
import time
from unittest import mock


class Weather:
    def __init__(self):
        self.lock = threading.Lock()
        self.failures = 0

    def ask(self):
        return NotImplemented

    def ask_again(self):
        while self.ask() is None:
            time.sleep(3600)
            with self.lock:
                self.failures += 1

    def ask_again_alone(self):
        while self.ask() is None:
            self.failures += 1
            time.sleep(3600)


def watch(method):
    with (
        mock.patch("time.sleep") as sleep,
        mock.patch(f"{__name__}.Weather.ask", side_effect=[None, None, "rain", "rain"]),
    ):
        weather = Weather()
        threads = [threading.Thread(target=getattr(weather, method)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sleep.call_args_list == [mock.call(3600)] * 2
    assert weather.failures == 2


def scenario():
    watch("ask_again")


def racy():
    watch("ask_again_alone")


if __name__ == "__main__":
    scenario()
