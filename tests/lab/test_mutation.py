"""What `tests.mutation` makes of its survivors. The mutants are made where cosmic-ray is.

No mutant is to be tried on these tests, which would kill those that are listed.
"""

from pathlib import Path

import pytest

from tests.mutation.equivalents import Change, compare, listed

ROOT = Path(__file__).parents[2]


def test_what_survives_is_compared_with_the_list():
    killed, alive, twice, gone = (Change("a.py", "f", "x", after) for after in "1234")
    faults = compare(
        survivors=[alive, twice, twice],
        tried=[killed, alive, twice, twice],
        known=[killed, twice, gone],
    )
    assert list(faults.values()) == [[alive, twice], [killed], [gone]]
    assert not any(compare([alive, twice], [killed, alive, twice], [twice, alive]).values())


@pytest.mark.parametrize("change", listed(), ids=str)
def test_each_equivalent_mutant_can_still_be_made(change):
    text = (ROOT / change.file).read_text(encoding="utf-8")
    assert change.before in " ".join(text.split())
