"""Its tools are imported when they are asked for."""

import importlib
import threading

opened = []
lock = threading.Lock()


def __getattr__(name):
    if name not in ("hammer", "saw"):
        raise AttributeError(name)
    tool = importlib.import_module(f"{__name__}._{name}")
    if name not in globals():
        opened.append(name)
        globals()[name] = tool
    return globals()[name]
