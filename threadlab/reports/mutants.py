"""What became of the mutants of a program, as text for a person."""

from collections.abc import Iterator, Sequence

from threadlab.errors import CutOff
from threadlab.reports.text import many, shorter
from threadlab.search.mutate import Mutations, Verdict


def of_one(verdict: Verdict) -> Iterator[str]:
    """The lines on one mutant; none if the scenario never comes there."""
    result = verdict.result
    if verdict.outcome == "unreached":
        return
    yield f"{verdict.mutant}   {verdict.text}"
    how = f"  {verdict.change}: "
    if result is None:
        yield f"{how}not known, {shorter(verdict.why)}"
    elif verdict.noticed and result.failure is None:
        yield f"{how}noticed, data race on {result.races[0].location}"
    elif result.failure is None:
        left = ", and nothing is left to try" if result.exhausted else ""
        yield f"{how}not noticed in {many(result.executions)}{left}"
    else:
        failure = result.failure
        said = failure.message if failure.kind in ("exception", "race") else failure.kind
        said = "does not end" if failure.kind == CutOff.kind else said
        yield f"{how}noticed after {many(result.executions)}, {shorter(said)}"
        yield f"  {result.again}"


def of_all(mutations: Mutations) -> Iterator[str]:
    """The last lines: what was not reached, and the sum."""
    if unreached := mutations.unreached:
        yield "never reached by this scenario:"
        yield from (f"  {verdict.mutant}   {verdict.text}" for verdict in unreached)
        yield ""
    survived, noticed = mutations.survived, mutations.noticed
    races = sum(verdict.outcome == "race" for verdict in noticed)
    by = f", {races} of them by a data race alone" if races else ""
    count = len(noticed) + len(survived)
    yield f"{count} mutant{'s'[: count != 1]}: {len(noticed)} noticed{by}; {len(survived)} not"
    if survived:
        yield "What is not noticed is needless, or this scenario does not test what it is for, or"
        yield "it takes more --executions."


def cut_short(known: Sequence[Verdict]) -> str:
    """What was known when Ctrl-C came, in one line."""
    survived = sum(not verdict.noticed for verdict in known)
    return f"ended by Ctrl-C after {len(known)} mutants; {survived} of them not noticed"
