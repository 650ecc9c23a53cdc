"""What `tests.mutation` makes of its survivors. The mutants are made where cosmic-ray is."""

from tests.mutation.equivalents import Change, compare


def test_what_survives_is_compared_with_the_list():
    killed, alive, twice, gone = (Change("a.py", "f", "x", after) for after in "1234")
    faults = compare(
        survivors=[alive, twice, twice],
        tried=[killed, alive, twice, twice],
        known=[killed, twice, gone],
    )
    assert list(faults.values()) == [[alive, twice], [killed], [gone]]
    assert not any(compare([alive, twice], [killed, alive, twice], [twice, alive]).values())
