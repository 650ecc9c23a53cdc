"""A laboratory for threaded Python: finds the schedule under which a program fails, and shows it.

A program is loaded anew into a *simulated world*: one OS thread, a virtual clock, and a *schedule*
that is data, a few *delays* that depart from the default run. Its *token*, ``12.1,40.2``, replays
the execution: at step 12 another thread goes on, at step 40 the second other.

>>> from pathlib import Path
>>> from threadlab import explore
>>> _ = Path("shop.py").write_text('''
... from threading import Thread
... sold = []
... def sell():
...     if not sold: sold.append("the last one")
... def scenario():
...     threads = [Thread(target=sell) for _ in range(2)]
...     for thread in threads: thread.start()
...     for thread in threads: thread.join()
...     many, sold[:] = len(sold), []
...     assert many == 1
... ''')
>>> result = explore("shop.py:scenario")
>>> result.failure.kind, result.failure.message, len(result.schedule)
('exception', 'AssertionError', 2)

In a test:

- `interleaved`: the body of the test is the scenario; under Hypothesis' ``@given`` the schedule is
  drawn with the data, and both are shrunk together.
- `explore`, `shards` and `Result`: the same search, to look at what it found.
- `mutate` and `Mutations`: leaves out one lock after the other, and searches for what notices it.
- `Operations`, with `operation`, `invariant` and `final`: the calls of an object, which some order
  of them must explain; `check` searches `Calls` that none does. In a model: `Blocks` and `OneOf`.
- `leak_guard`, `watchdog`: on real threads, each alone. No thread outlives a block; what hangs
  becomes a failure with all stacks.

For a suite that judges any implementation in both worlds: `Subject`, `World`, `RealWorld`,
`SimulatedWorld`, `Schedule`; and what Hypothesis draws for a world: `example_worlds`, `intervals`
and `counts`, of the one that `selected_world` says.

Whatever the laboratory raises is a `ThreadlabError`.

How stable it is: these names are kept, within a minor version with their arguments. A token
replays on every Python from 3.11 on, within a minor version. The suites' part, from `Subject` to
`selected_world`, and that of `Operations` are young, and may change with the next minor version.
All else is private.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadlab.decorator import interleaved
    from threadlab.errors import (
        CannotSimulate,
        DataRace,
        Deadlock,
        Failure,
        Hang,
        Leak,
        LeakedThread,
        Livelock,
        Nondeterministic,
        ProgramError,
        SubjectError,
        ThreadlabError,
        Unexplained,
    )
    from threadlab.oracle.calls import Calls
    from threadlab.oracle.check import check
    from threadlab.oracle.operations import Operations, final, invariant, operation
    from threadlab.oracle.specification import Blocks, OneOf
    from threadlab.schedule import Schedule
    from threadlab.search.explore import explore, shards
    from threadlab.search.mutate import Mutations, mutate
    from threadlab.search.result import Result
    from threadlab.worlds.drawing import counts, example_worlds, intervals, selected_world
    from threadlab.worlds.leaks import leak_guard
    from threadlab.worlds.real import RealWorld
    from threadlab.worlds.simulated import SimulatedWorld
    from threadlab.worlds.subjects import Subject
    from threadlab.worlds.watchdog import watchdog
    from threadlab.worlds.world import World

__version__ = "0.1.0"

__all__ = [
    "Blocks",
    "Calls",
    "CannotSimulate",
    "DataRace",
    "Deadlock",
    "Failure",
    "Hang",
    "Leak",
    "LeakedThread",
    "Livelock",
    "Mutations",
    "Nondeterministic",
    "OneOf",
    "Operations",
    "ProgramError",
    "RealWorld",
    "Result",
    "Schedule",
    "SimulatedWorld",
    "Subject",
    "SubjectError",
    "ThreadlabError",
    "Unexplained",
    "World",
    "__version__",
    "check",
    "counts",
    "example_worlds",
    "explore",
    "final",
    "interleaved",
    "intervals",
    "invariant",
    "leak_guard",
    "mutate",
    "operation",
    "selected_world",
    "shards",
    "watchdog",
]

# Each is imported when it is first asked for: pytest loads this package in every run, for the
# plugin, and whoever uses a guard has no need of greenlet or Hypothesis.
_HOMES = {
    "decorator": ("interleaved",),
    "errors": (
        *("CannotSimulate", "DataRace", "Deadlock", "Failure", "Hang", "Leak", "LeakedThread"),
        *("Livelock", "Nondeterministic", "ProgramError", "SubjectError", "ThreadlabError"),
        "Unexplained",
    ),
    "oracle.calls": ("Calls",),
    "oracle.check": ("check",),
    "oracle.operations": ("Operations", "final", "invariant", "operation"),
    "oracle.specification": ("Blocks", "OneOf"),
    "schedule": ("Schedule",),
    "search.explore": ("explore", "shards"),
    "search.mutate": ("Mutations", "mutate"),
    "search.result": ("Result",),
    "worlds.drawing": ("counts", "example_worlds", "intervals", "selected_world"),
    "worlds.leaks": ("leak_guard",),
    "worlds.real": ("RealWorld",),
    "worlds.simulated": ("SimulatedWorld",),
    "worlds.subjects": ("Subject",),
    "worlds.watchdog": ("watchdog",),
    "worlds.world": ("World",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
