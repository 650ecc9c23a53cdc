"""Random histories of a register, to hold one oracle against another.

A sound register is used by random threads; then some results are changed, as a fault would do.
"""

import itertools
import random
from collections.abc import Sequence
from typing import Any

from threadlab.oracle.history import Call, Outcome
from threadlab.oracle.order import Consistency, explain, predecessors
from threadlab.oracle.specification import Function

INITIAL = 0


def register(state: int, name: str, *args: Any) -> tuple[int, object]:
    """What a call of a register gives: the new state and the result."""
    if name == "read":
        return state, state
    if name == "write":
        return args[0], None
    expected, value = args
    return (value, True) if state == expected else (state, False)


register.initial = INITIAL  # type: ignore[attr-defined]


def history(choose: random.Random, threads: int, calls: int, wrong: float) -> list[Call]:
    """One of ``threads`` with so many ``calls`` each, of which a share has ``wrong`` results."""
    state, clock = INITIAL, itertools.count()
    made: list[Call] = []
    left = dict.fromkeys(range(threads), calls)
    going: dict[int, Call] = {}
    while any(left.values()) or going:
        thread = choose.choice([t for t in left if left[t] or t in going])
        call = going.get(thread)
        if call is None:
            left[thread] -= 1
            name = choose.choice(["read", "write", "swap"])
            args = tuple(choose.randrange(3) for _ in range({"write": 1, "swap": 2}.get(name, 0)))
            going[thread] = Call(f"Thread-{thread + 1}", name, args, {}, next(clock), None, None)
        elif call.outcome is None:
            state, result = register(state, call.name, *call.args)
            if choose.random() < wrong and call.name != "write":
                result = choose.randrange(3) if call.name == "read" else not result
            going[thread] = call._replace(outcome=Outcome("returned", result))
        else:
            made.append(going.pop(thread)._replace(responded=next(clock)))
    made.sort(key=lambda call: call.invoked)
    return [call._replace(number=number) for number, call in enumerate(made)]


def is_linearizable(calls: Sequence[Call]) -> bool:
    """Whether some order explains ``calls``, of a register."""
    return explain(calls, Function(register, INITIAL)).order is not None


def by_brute_force(calls: Sequence[Call], consistency: Consistency) -> bool:
    """Whether any of all the orders that there are explains ``calls``, of a register."""
    before = predecessors(calls, consistency)
    for order in itertools.permutations(range(len(calls))):
        state, done = INITIAL, 0
        for place in order:
            outcome = calls[place].outcome
            state, result = register(state, calls[place].name, *calls[place].args)
            if before[place] & ~done or outcome is None or result != outcome.value:
                break
            done |= 1 << place
        else:
            return True
    return False
