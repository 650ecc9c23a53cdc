"""Whether threads run in parallel: on a free-threaded Python they do, until something ends that.

A module in C that does not say that it can do without the GIL turns it on for the whole process, as
greenlet does, on which the simulated world stands. Then real threads show nothing of free
threading, and the run says so, with the name of that module.
"""

import sys
import sysconfig
from importlib.machinery import ExtensionFileLoader
from types import ModuleType

BY: list[str] = []
"""The module that has turned the GIL on, if it was seen."""


def can_be_off() -> bool:
    """Whether this is a free-threaded build."""
    return bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def is_off() -> bool:
    return not getattr(sys, "_is_gil_enabled", lambda: True)()


def words() -> str:
    """For the header: empty where there is nothing to say."""
    if not can_be_off():
        return ""
    if is_off():
        return "off"
    by = BY[0] if BY else "what was loaded before the tests, or PYTHON_GIL=1"
    return f"on, by {by}; this run shows nothing of free threading"


def watch() -> None:
    """Note in `BY` which module turns the GIL on from now on."""
    for name in ("create_module", "exec_module"):
        setattr(ExtensionFileLoader, name, _noting(getattr(ExtensionFileLoader, name)))


def _noting(load):  # type: ignore[no-untyped-def]
    def noted(self, module):  # type: ignore[no-untyped-def]
        before = is_off()
        result: ModuleType | None = load(self, module)
        if before and not is_off():
            BY.append(self.name)
        return result

    return noted
