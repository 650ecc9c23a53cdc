"""A plugin that is loaded from its path.

Racy: it is run by two threads without the host's lock.
"""

import importlib.util
import sys
import threading
from contextlib import nullcontext
from pathlib import Path


def load(name):
    path = Path(__file__).resolve().parent / "plugins" / f"{name}.py"
    spec = importlib.util.spec_from_file_location("count_up_plugin", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


plugin = load("count-up")


def host(lock):
    def run():
        with lock:
            plugin.run(1)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert plugin.state["count"] == 2


def scenario():
    host(threading.Lock())


def racy():
    host(nullcontext())


if __name__ == "__main__":
    scenario()
