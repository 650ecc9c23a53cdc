"""What is set in os.environ.

Racy: the environment is where two threads leave their modes.
"""

import os
import threading
from unittest import mock

import settings


def serve(make):
    seen = {}
    threads = [
        threading.Thread(target=lambda mode: seen.update({mode: make(mode)}), args=(f"mode {n}",))
        for n in range(settings.workers)
    ]
    with mock.patch.dict(os.environ, REACH_MODE="none"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert "REACH_MODE" not in os.environ
    assert seen == {"mode 0": "mode 0", "mode 1": "mode 1"}


def by_argument(mode):
    assert settings.mode() == "none"
    return mode


def by_environment(mode):
    os.environ["REACH_MODE"] = mode
    return settings.mode()


def scenario():
    serve(by_argument)


def racy():
    serve(by_environment)


if __name__ == "__main__":
    scenario()
