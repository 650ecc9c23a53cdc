"""importlib.util.LazyLoader: two threads are the first to use a module that is imported lazily."""

import importlib.util
import sys
import threading


def lazily(name):
    spec = importlib.util.find_spec(name)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def scenario():
    palette = lazily("_palette")

    def use():
        assert palette.red + palette.blue == 3

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
