"""``_uuid``: what ``uuid1`` is made of, by the virtual clock, on a machine that there is not.

It must be here: without it `uuid` would start processes to ask for the address of the machine.
"""

import importlib
from types import ModuleType
from typing import Any

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import STATE
from threadlab.simulation.modules.time import EPOCH

_uuid: Any = importlib.import_module("_uuid")  # of which mypy knows nothing

TAKEN = ("has_uuid_generate_time_safe",)
REFUSED: tuple[str, ...] = ()

BEFORE = 0x01B21DD213814000
"""Tenths of a microsecond from the reform of the calendar in 1582, whence RFC 9562 counts, to 1970.
"""

CLOCK, NODE = 0x8000, 0x010000000001
"""Of the variant of the RFC; and an address that no network card has."""


def make(kernel: Kernel) -> ModuleType:
    """A ``_uuid`` on the clock of ``kernel``."""
    state = {"last": 0}

    def generate_time_safe() -> tuple[bytes, int]:
        now = BEFORE + EPOCH * 10**7 + round(kernel.now * 1e7)
        state["last"] = ticks = max(now, state["last"] + 1)
        low, middle, high = ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 | 1 << 12
        return (low << 96 | middle << 80 | high << 64 | CLOCK << 48 | NODE).to_bytes(16), 0

    module = ModuleType("_uuid", "On the virtual clock.")
    for name in TAKEN:
        if hasattr(_uuid, name):
            setattr(module, name, getattr(_uuid, name))
    if hasattr(_uuid, "has_stable_extractable_node"):  # or else `uuid` looks for another
        module.has_stable_extractable_node = 1  # type: ignore[attr-defined]
    vars(module).update({"generate_time_safe": generate_time_safe, STATE: state})
    return module
