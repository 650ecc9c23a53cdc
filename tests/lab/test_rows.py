"""What a row says of its line, and that what is no news is not said."""

import pytest

from tests.lab.reported import loaded, notes
from tests.lab.specs import construct, program
from threadlab.reports.observer import observe
from threadlab.reports.rows import rows
from threadlab.search.explore import explore

pytestmark = pytest.mark.once

TOLD = """
import collections, enum, threading, time

class Colour(enum.Enum):
    RED = 1

class Number(int):
    pass

class Box:
    def __init__(self):
        self.value = 0
        self.items = []

    def add(self, item):
        self.items.append(item)

total = 0

def scenario():
    global total
    total = 0
    box, other, seen, mine = Box(), Box(), threading.Event(), threading.Event()
    totals, names, colour, text = {{"all": 1}}, set(), None, "a" * 1000

    def first():
        nonlocal colour, text
        global total
        seen.wait()
        {first}
        mine.set()

    def second():
        nonlocal colour, text
        global total
        {second}
        seen.set()
        mine.wait(2)
        {then}

    threads = [threading.Thread(target=each, name=each.__name__) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


NOTES = [
    # What one thread does, then the other, then the first again, and what is told of that.
    ("box.value", "box.value += 1", "box.value = 2", "value = 2, over first's 1"),
    ("box.value", "box.value = 1; box.value = 0", "box.value", "value is 0 again, after 1"),
    ("total", "total = 1; total = 0", "total", "total is 0 again, after 1"),
    ("total", "total = 1", "total", "total is 1"),
    ("total += 1", "total", "total += 1", "total: 1 -> 2"),
    ("box.value", "box.value = 5", "box.value += 1", "value: 5 -> 6"),
    ("total", "total = 1; total = 2; total = 3; total = 4; total = 0", "total", "after 1, ..., 4"),
    ("box.add(1)", "box.add(2)", "box.items.pop()", "items: [1, 2] -> [1]"),
    ("box.items", "box.add(2)", "box.items.copy()", "items is [2]"),
    ("totals['all']", "totals['all'] = 2", "totals['all']", "totals['all'] is 2"),
    ("totals['all']", "totals['all'] = 2", "del totals['all']", "totals['all'] = deleted"),
    (
        "totals",
        "totals.update(one=2)",
        "totals.pop('all')",
        "'one': 2} -> {'one': 2}",
    ),
    ("names.add('b')", "names.add('a')", "names.discard('c')", "{'a', 'b'} -> {'a', 'b'}"),
    ("box.value", "box.value = 1", "del box.value", "value = deleted"),
    ("colour", "colour = None", "colour = Colour.RED", "colour = Colour.RED"),
    ("colour", "colour = None", "colour = Number(3)", "colour = Number(3)"),
    ("colour", "colour = None", "colour = 10**9999", "colour = <an int of 33216 bits>"),
    ("colour", "colour = None", "colour = Box", "colour = Box"),
    ("colour", "colour = None", "colour = other", "colour = Box"),
    ("colour", "colour = None", "colour = [other, (1,)]", "colour = [Box, (1,)]"),
    ("colour", "colour = None", "colour = 'é[bold]\\n'", "colour = 'é[bold]\\n'"),
    ("text", "text = '0123456789' * 99", "text", "text is '012345678...0123456789'"),
    ("pass", "mine.wait(1)", "pass", "its time is up"),
]


@pytest.mark.parametrize(("second", "first", "then", "told"), NOTES)
def test_a_row_says_what_came_of_its_line(script, second, first, then, told):
    timeline = observe(*loaded(script(TOLD.format(first=first, second=second, then=then))))
    assert not any(event.kind == "fail" for event in timeline.events)
    said = notes(timeline, "first" if "time" in told else "second")
    assert any(told in note for note in said), said


def test_what_is_not_changed_is_no_news(script):
    """Once it is made, that is, before which nobody knows it."""
    source = TOLD.format(first="box.value, totals['all']", second="box.value", then="totals['all']")
    said = notes(observe(*loaded(script(source))))
    assert not any("value" in note or "totals" in note for note in said)


def test_what_is_not_shared_is_no_news():
    assert not any("mine" in note for note in notes(observe(*loaded(program("own_lists")))))


def test_the_two_accesses_of_a_race_are_marked():
    timeline = observe(*loaded(construct("nonlocal_"), "10.1,12.1"))
    assert timeline.races
    for race in timeline.races:
        first, second = timeline.events[race.first], timeline.events[race.second]
        assert first.what == second.what == race.location == "total"
        assert first.thread != second.thread
        assert "write" in (first.kind, second.kind)
        marks = {
            row.mark for row in rows(timeline) for at in race[1:] if row.first <= at <= row.last
        }
        assert marks == {"race"}
    assert "total = 1, over Thread-2 (add)'s 1" in notes(timeline)


def test_who_adds_to_a_container_has_not_missed_what_another_added(script):
    text = """
        import threading

        class Seats:
            free = 2
            def book(self):
                self.free -= 1
                return True

        def scenario():
            seats, got = Seats(), []
            book = lambda: got.append(seats.book())
            threads = [threading.Thread(target=book) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert seats.free == 0
    """
    found = explore(script(text))
    said = notes(observe(*loaded(script(text), str(found.schedule))))
    assert [note for note in said if note.startswith("got = [True, True]")] == [
        "got = [True, True]"
    ]


def test_a_variable_of_another_module_is_known():
    said = notes(observe(*loaded(construct("sibling"))))
    assert "total: 0 -> 1" in said
    assert "total: 2 -> 1" in said
