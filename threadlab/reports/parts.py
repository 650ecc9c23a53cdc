"""What the parts of a search have found together, as text for a person."""

from collections.abc import Iterator

from threadlab.reports.text import FEW, made, many
from threadlab.search.merge import Part


def report(merged: Part, parts: int) -> Iterator[str]:
    """What is in it, as lines for a person."""
    failures = merged["failures"]
    figures = f"{made(merged['executions'], merged['cut_off'])} in {parts} part{'s'[: parts != 1]}"
    figures += f", seed {merged['seed']}"
    few = f" {FEW}" if merged["strategy"] == "bounded" else ""
    left = f", and nothing left to try{few}" if merged["exhausted"] else ""
    what = f"{len(failures)} failure{'s'[: len(failures) != 1]}" if failures else "nothing found"
    yield f"{'found ' if failures else ''}{what}{left}: {figures}"
    for race in merged["races"]:
        yield ""
        yield f"data race on {race['location']}"
        for access in race["accesses"]:
            where = f"{access['file']}:{access['line']}"
            yield f"  {access['kind']} in {access['thread']} at {where}"
    for failure in failures:
        thread = f" in {failure['thread']}" if failure["thread"] else ""
        yield ""
        yield f"{failure['kind']}{thread}: {failure['message']}"
        yield f"at {failure['location']}"
        yield f"in {many(failure['executions'])}"
        yield f"schedule: {failure['schedule']}"
        yield f"Again: {failure['again']}"
