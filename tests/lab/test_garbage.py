"""What finalisers do: always at the same place, and outside of executions nothing that counts."""

import gc
import sys

import pytest

from threadlab.errors import CannotSimulate
from threadlab.program import Program
from threadlab.schedule import PROMPT
from threadlab.search.explore import explore
from threadlab.simulation import kernel
from threadlab.simulation.garbage import Garbage

CYCLE = """
import gc
import threading

class Box:
    open = 0
    log = []

    def __init__(self):
        self.lock = threading.Lock()
        self.me = self
        Box.open += 1

    def __del__(self):
        with self.lock:
            Box.open -= 1
        Box.log.append(threading.current_thread().name)

def scenario():
    boxes = [Box(), Box()]
    threads = [threading.Thread(target=box.lock.locked) for box in boxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


def load(script, text, **how):
    return Program.parse(script(text)).load(recording=False, **how)


def test_a_finaliser_in_a_cycle_does_not_go_two_ways(script):
    result = explore(script(CYCLE), executions=400)
    assert not result.found
    assert not result.races


def test_it_runs_within_an_execution_when_the_program_collects(script):
    text = (
        CYCLE + "    del boxes, threads\n    gc.collect()\n    assert Box.log == ['MainThread'] * 2"
    )
    simulation, scenario = load(script, text)
    simulation.execute(scenario)
    steps = simulation.kernel.steps
    simulation.execute(scenario)
    assert simulation.kernel.steps == steps


def open_after_a_few(script):
    """How many boxes are open, in the class that is put back, when all garbage is collected."""
    simulation, scenario = load(script, CYCLE)
    for _ in range(3):
        simulation.execute(scenario)
    gc.collect()
    return simulation.importer.modules["script"].Box.open


def test_what_is_garbage_runs_before_modules_are_put_back(script):
    assert open_after_a_few(script) == 0


def test_it_would_run_later(script, monkeypatch):
    """Or else the test above could not fail."""
    monkeypatch.setattr(Garbage, "begin", lambda self: None)
    monkeypatch.setattr(Garbage, "end", lambda self: None)
    assert open_after_a_few(script) < 0


def test_its_steps_do_not_count(script):
    text = CYCLE + "    del boxes, threads\n    "
    without = load_and_count(script, text + "gc.isenabled()")
    assert load_and_count(script, text + "gc.collect()") == without


def load_and_count(script, text):
    simulation, scenario = load(script, text)
    simulation.execute(scenario)
    return simulation.kernel.steps


def test_when_the_last_reference_goes_it_is_code_as_any_other(script):
    text = """
    class Box:
        seen = []
        def __del__(self):
            Box.seen.append(1)
            Box.seen.append(2)
    def scenario():
        box = Box()
        del box
        assert Box.seen == [1, 2]
    """
    assert load_and_count(script, text) == 5


HANGS = """\
import threading

lock = threading.Lock()

class Held:
    def __del__(self):
        with lock:
            pass

def scenario():
    held = [Held()]
    with lock:
        held.clear()
"""


def test_one_that_blocks_for_good_is_left_without_a_word(script, monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    assert explore(script(HANGS), replay=PROMPT).failure.kind == "deadlock"
    assert not told


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_that_would_block_while_garbage_is_collected_is_refused(script):
    text = CYCLE + "    with boxes[0].lock:\n        del boxes, threads\n        gc.collect()"
    simulation, scenario = load(script, text)
    with pytest.raises(CannotSimulate, match="finaliser that blocks"):
        simulation.execute(scenario)


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("end", ["", "    1 / 0", "    gc.enable()", "    gc.disable()"])
def test_the_collector_is_left_as_it_was(script, on, end):
    simulation, scenario = load(script, CYCLE + end)
    before = list(gc.callbacks)
    was_on = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        for _ in range(2):
            try:
                simulation.execute(scenario)
            except ZeroDivisionError:
                assert end
            assert gc.isenabled() is on
    finally:
        (gc.enable if was_on else gc.disable)()
    assert gc.callbacks == before


def alive(simulation, scenario, executions):
    for _ in range(executions):
        simulation.execute(scenario)
    return len(gc.get_objects())


def test_what_executions_leave_does_not_pile_up(script):
    simulation, scenario = load(script, CYCLE)
    few = alive(simulation, scenario, 100)
    assert alive(simulation, scenario, 1000) < few + 500


LONG = """
class Box:
    open = most = 0
    def __init__(self):
        self.me = self
        Box.open += 1
        Box.most = max(Box.most, Box.open)
    def __del__(self):
        Box.open -= 1

def scenario():
    for _ in range(2000):
        Box()
    return Box.most
"""


def test_a_long_execution_collects_as_it_goes_on(script, monkeypatch):
    simulation, scenario = load(script, LONG)
    most = simulation.execute(scenario)
    assert most == 2000
    monkeypatch.setattr(kernel, "COLLECTED", 2000)
    assert simulation.execute(scenario) < 1000
