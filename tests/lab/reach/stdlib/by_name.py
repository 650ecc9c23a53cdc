"""Modules by name: importlib, pkgutil, sys.modules.

Racy: a registry of factories is filled bare.
"""

import importlib
import pkgutil
import sys

THREADING = importlib.import_module("threading")
COUNTS = {}


def make(name):
    module, _, attribute = name.partition(":")
    COUNTS[name] = COUNTS.get(name, 0) + 1
    return getattr(importlib.import_module(module), attribute)


def ask(function):
    threads = [
        THREADING.Thread(target=function, args=("collections.abc:Mapping",)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    here = sys.modules[__name__]
    assert here.COUNTS is COUNTS
    assert sys.modules["threading"] is THREADING
    assert "_log" not in vars(here)


def scenario():
    lock = THREADING.Lock()

    def make_alone(name):
        with lock:
            return make(name)

    ask(make_alone)
    package = importlib.import_module("json")
    names = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert {"decoder", "encoder"} <= names
    assert COUNTS == {"collections.abc:Mapping": 2}
    assert pkgutil.resolve_name("queue:Queue").__module__ == "queue"


def racy():
    ask(make)
    assert COUNTS == {"collections.abc:Mapping": 2}


if __name__ == "__main__":
    scenario()
