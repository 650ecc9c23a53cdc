"""Calls that fail are made small: fewest first, then few threads, then plain arguments."""

from hypothesis import strategies as st

from threadlab import Calls
from threadlab.oracle.calls import Operation
from threadlab.oracle.shrinking import made_small

OPERATIONS = [
    Operation("put", (st.integers(0, 100), st.sampled_from("abc"))),
    Operation("take", target="taken"),
    Operation("give", (st.nothing(),)),
]


def small(text, fails):
    return made_small(Calls.parse(text), OPERATIONS, fails).on_a_line()


def names(calls):
    return [call.name for _, _, several in calls.parts() for call in several]


def test_what_does_not_matter_is_left_out():
    text = "put(1, 'a'); take() | take(); put(7, 'b') | put(3, 'c'); take() | take()"
    two_puts = "put(0, 'a'); put(0, 'a') |"
    assert small(text, lambda calls: names(calls).count("put") >= 2) == two_puts


def test_two_that_undo_each_other_are_left_out_together():
    def fails(calls):
        return "put" in names(calls) and names(calls).count("take") in (0, 2)

    assert "take" not in small("| take(); take() | put(0, 'a') |", fails)


def test_threads_that_matter_stay_and_arguments_become_plain():
    text = "put(5, 'c') | put(9, 'b'); take() | put(9, 'b') | take()"
    assert small(text, lambda calls: len(calls.threads) == 2) == "| put(0, 'a') | put(0, 'a') |"


def test_values_that_differ_go_on_to_differ():
    def fails(calls):
        values = [call.args[1] for call in calls.before if call.name == "put"]
        return len(set(values)) >= 2

    assert small("put(1, 'c'); put(2, 'b') |", fails) == "put(0, 'a'); put(0, 'b') |"


def test_a_value_far_from_the_plainest_is_drawn_anew():
    def fails(calls):
        return any(call.name == "put" and call.args[0] > 50 for call in calls.before)

    assert small("put(83, 'a') |", fails) == "put(51, 'a') |"


def test_who_refers_to_a_result_goes_with_it():
    text = "taken_7 = take(); taken_9 = take(); give(taken_9) |"
    assert small(text, lambda calls: "give" in names(calls)) == "taken_1 = take(); give(taken_1) |"
