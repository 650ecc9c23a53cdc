"""Rounds of a loop in which nothing changes are left out, and what is kept says how many."""

from threadlab.reports.repetition import Shorter
from threadlab.reports.timeline import Event


def events(pattern):
    """An event at the line of each letter, a step each."""
    return [Event("step", 0, step, 0.0, ord(one)) for step, one in enumerate(pattern)]


def kept(pattern, most=1000):
    shorter = Shorter(events(pattern), most)
    return "".join(pattern[index] for index in shorter.kept), list(map(tuple, shorter.loops))


def test_of_many_rounds_the_first_and_the_last_are_kept():
    assert kept("x" + "ab" * 100 + "y") == ("xababy", [(3, 4, 99)])
    assert kept("x" + "a" * 100 + "y") == ("xaay", [(2, 2, 99)])


def test_few_rounds_are_kept_as_they_are():
    assert kept("x" + "ab" * 5 + "y") == ("xabababababy", [])


def test_two_threads_that_spin_in_turn_are_a_round_of_rounds():
    found, loops = kept(("a" * 30 + "b" * 30) * 20)
    assert found == "aabbaabb"
    assert loops == [(1, 1, 29), (3, 3, 29), (4, 7, 19)]


def test_what_is_left_out_has_a_place_in_the_last_round():
    shorter = Shorter(events("x" + "ab" * 100 + "y"), 1000)
    assert [shorter.place(index) for index in (0, 1, 51, 52, 200, 201)] == [0, 1, 3, 4, 4, 5]
    assert [Shorter(events("abcd"), 2).place(index) for index in range(4)] == [None, None, 0, 1]
