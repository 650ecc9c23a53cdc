"""dataclasses under postponed annotations.

Racy: two fields that belong together are set bare.
"""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import KW_ONLY, InitVar, dataclass, field
from typing import ClassVar


@dataclass(frozen=True, order=True)
class Line:
    price: int
    name: str = field(compare=False)


@dataclass(slots=True)
class Order:
    tax: ClassVar[int] = 10
    lines: list[Line] = field(default_factory=list)
    total: int = 0
    _: KW_ONLY
    start: InitVar[int] = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def __post_init__(self, start: int) -> None:
        self.total = start

    def add(self, line: Line) -> None:
        with self.lock:
            self.add_alone(line)

    def add_alone(self, line: Line) -> None:
        self.lines.append(line)
        self.total += line.price * (100 + self.tax) // 100


def fill(order: Order, add) -> None:
    lines = [Line(20, "tea"), Line(10, "milk")]
    threads = [threading.Thread(target=add, args=(line,)) for line in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(order.lines) == dataclasses.replace(lines[0], name="coffee")
    assert order == Order(order.lines, 33, start=33)


def scenario() -> None:
    order = Order(start=0)
    fill(order, order.add)


def racy() -> None:
    order = Order(start=0)
    fill(order, order.add_alone)


if __name__ == "__main__":
    scenario()
