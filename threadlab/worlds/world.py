"""Where a scenario runs. A law is written once, against `World`, and holds in each.

A scenario is a function without arguments that builds its own state, starts threads, joins
them and asserts. It takes ``threading``, ``time``, ``socket``, ``futures`` and the subject
from its world and nowhere else, and assumes nothing about how fast anything is: what it may
say about time is that nothing is early, and that nothing is `late`.
"""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from hypothesis import strategies as st

T = TypeVar("T")


class World(Protocol):
    """The modules are those of this world, the subject among them."""

    threading: ModuleType
    time: ModuleType
    socket: ModuleType
    futures: ModuleType
    subject: ModuleType

    @property
    def executions(self) -> int:
        """How many there were."""

    @property
    def cut_off(self) -> int:
        """How many of them took too many steps, and so have neither failed nor passed."""

    @property
    def virtual_seconds(self) -> float:
        """The time that has passed in them all, where it is simulated."""

    def for_example(self, data: "st.DataObject") -> "World":
        """The world for one example of a property, which may draw from ``data`` as it runs."""

    def intervals(self) -> "st.SearchStrategy[float]":
        """Intervals that a scenario can afford to wait for, in seconds."""

    def counts(self, least: int) -> "st.SearchStrategy[int]":
        """How many ticks, values or chunks a scenario can afford."""

    def late(self, at: float, due: float) -> bool:
        """Whether ``at`` is later than what is due at ``due`` can be in this world."""

    def early(self, at: float, due: float) -> bool:
        """Whether ``at`` is earlier than what is due at ``due`` can be, counted from a time that
        was read: in the real world, and under a schedule, that may have been read late.
        """

    def overdue(self, at: float, due: float, since: float) -> bool:
        """Whether ``at`` is later than ``due``, though no schedule held anyone up after ``since``.

        Stricter than `late`, and for what falls due by itself, with no call after ``since``.
        """

    def run(self, scenario: Callable[[], T]) -> T | None:
        """Run ``scenario`` to its end and return its result; nothing if it was `cut_off`.

        Raises what it raised, or what any of its threads raised and did not handle, or a
        failure of this world: that it hung, or left threads running.
        """
