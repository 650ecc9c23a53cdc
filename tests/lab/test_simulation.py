"""The simulated world itself: its failures, its clock, its schedules."""

import copy
import gc
import itertools
import sys
import threading
import time
from pathlib import Path

import pytest
from greenlet import getcurrent, greenlet
from hypothesis import given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from tests.lab import gallery
from threadlab import errors
from threadlab.errors import CannotSimulate, Nondeterministic
from threadlab.schedule import Schedule
from threadlab.simulation.instrument import steps
from threadlab.simulation.kernel import KEPT
from threadlab.worlds.drawing import schedules
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject

RACY = """
import threading
import time

class Counter:
    def __init__(self):
        self.n = 0

    def add(self):
        self.n += 1

def spin(event):
    while not event.is_set():
        pass

def spin_until(deadline):
    while time.monotonic() < deadline:
        pass

def fail():
    raise ValueError("on line 21")
"""


def simulated(folder, text, *names):
    path = folder / f"subject_in_{folder.name.replace('-', '_')}.py"
    path.write_text(text)
    return SimulatedWorld(Subject.load(str(path), names))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return simulated(tmp_path_factory.mktemp("racy"), RACY, "Counter")


def started(world, *functions):
    threads = [world.threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    return threads


# Time


def test_an_hour_passes_at_once_and_exactly(world):
    def scenario():
        begun = world.time.monotonic()
        world.time.sleep(3600)
        return world.time.monotonic() - begun

    before = time.monotonic()
    assert world.execute(scenario) == 3600
    assert time.monotonic() - before < 60


def test_the_process_is_not_patched(world):
    assert world.threading is not threading
    assert world.subject.threading is world.threading
    assert sys.modules["threading"] is threading
    assert world.threading.__file__ == threading.__file__


# Failures


def test_a_deadlock_says_who_holds_what_and_since_when(world):
    def scenario():
        one, other = world.threading.Lock(), world.threading.Lock()

        def take(first, second):
            with first:
                world.time.sleep(1)
                with second:
                    pass

        for thread in started(world, lambda: take(one, other), lambda: take(other, one)):
            thread.join()

    with pytest.raises(errors.Deadlock) as caught:
        world.execute(scenario)
    message = str(caught.value)
    assert "at 1 s" in message
    assert "waits for a lock held by Thread-2 (<lambda>) since 1 s" in message
    assert "waits for a lock held by Thread-1 (<lambda>) since 1 s" in message
    assert "with second:" in message


def test_a_thread_left_over_is_named(world):
    def scenario():
        world.threading.Thread(target=world.threading.Event().wait, name="Fred").start()

    with pytest.raises(errors.LeftOver, match="Fred waits for"):
        world.execute(scenario)


def test_an_exception_in_any_thread_is_raised_at_its_line(world):
    with pytest.raises(ValueError, match="on line 21") as caught:
        world.execute(lambda: started(world, world.subject.fail)[0].join())
    assert caught.traceback[-1].lineno == 21 - 1
    assert caught.value.__notes__ == ["in thread Thread-1 (fail)"]


def test_spinning_for_another_thread_or_for_the_time_is_no_livelock(world):
    def scenario():
        event = world.threading.Event()
        threads = started(world, lambda: world.subject.spin(event), event.set)
        world.subject.spin_until(world.time.monotonic() + 5)
        threads += started(world, lambda: world.time.sleep(6))
        for thread in threads:
            thread.join()

    def helper_sleeps():
        started(world, lambda: world.time.sleep(10))
        scenario()
        world.time.sleep(10)

    world.execute(helper_sleeps)


def test_spinning_for_what_never_comes_is_a_livelock(world):
    with pytest.raises(errors.Livelock, match="none gets anywhere"):
        world.execute(lambda: world.subject.spin(world.threading.Event()))


def test_what_livelocks_again_is_ended_sooner(world, monkeypatch):
    """Hypothesis executes it a few hundred times more, to make it small."""
    monkeypatch.setattr("threadlab.worlds.sampling.STEPS", 20_000)
    monkeypatch.setattr("threadlab.worlds.sampling.STEPS_AGAIN", 5_000)

    def polls():
        while True:
            world.subject.Counter().add()
            world.time.sleep(1)

    for most in (20_000, 5_000):
        with pytest.raises(errors.Livelock):
            world.run(polls)
        assert most < world.kernel.steps < most + 2000


def test_a_scenario_that_depends_on_something_else_is_nondeterministic(world):
    runs = []

    def scenario():
        runs.append(1)
        counter = world.subject.Counter()
        threads = [counter.add] * (2 if len(runs) == 3 else 1)
        for thread in started(world, *threads):
            thread.join()

    with pytest.raises(Nondeterministic, match="from step"):
        world.run(scenario)


def test_a_thousand_failures_leave_nothing_behind(world):
    def deadlock():
        world.threading.Event().wait()

    def leak():
        started(world, deadlock, deadlock)

    def fail():
        leak()
        raise ValueError

    def stubborn():
        while True:
            try:
                deadlock()
            except BaseException:
                world.time.sleep(1)

    scenarios = [deadlock, leak, fail, lambda: (started(world, stubborn), fail())]

    def living():
        return [one for one in gc.get_objects() if isinstance(one, greenlet) and not one.dead]

    before = living()  # those that other worlds keep
    threads = threading.enumerate()
    for number in range(1000):
        with pytest.raises((errors.Failure, ValueError)):
            world.execute(scenarios[number % len(scenarios)])
    gc.collect()
    assert set(living()) <= {*before, *world.kernel.idle, getcurrent()}
    assert threading.enumerate() == threads
    assert world.execute(lambda: started(world, lambda: None)[0].name) == "Thread-1 (<lambda>)"


# Schedules


def count_to_two(world):
    def scenario():
        counter = world.subject.Counter()
        for thread in started(world, counter.add, counter.add):
            thread.join()
        assert counter.n == 2

    return scenario


def test_the_prompt_schedule_is_the_ordinary_run(world):
    world.execute(count_to_two(world))


def test_two_delays_between_a_read_and_its_write_lose_an_update(world):
    scenario = count_to_two(world)
    world.execute(scenario)
    steps, losing = range(1, world.kernel.steps + 1), []
    for delays in itertools.product(itertools.product(steps, [0], [1]), repeat=2):
        if delays[0] < delays[1]:
            try:
                world.execute(scenario, delays)
            except AssertionError:
                losing.append(delays)
    assert losing
    token = str(Schedule(losing[0]))
    fixed = copy.copy(world)
    fixed._sampler.fixed = Schedule.parse(token)
    with pytest.raises(AssertionError) as caught:
        fixed.run(scenario)
    assert f"replay with --schedule={token}" in caught.value.__notes__[-1]


def test_the_same_schedule_is_the_same_execution(world):
    def scenario():
        order = []
        for thread in started(
            world, *[lambda n=n: order.append((n, world.subject.Counter().add())) for n in range(4)]
        ):
            thread.join()
        return order, world.kernel.steps, world.time.monotonic()

    for token in ["-", "3.2", "2.1,5.3"]:
        schedule = Schedule.parse(token)
        assert world.execute(scenario, schedule) == world.execute(scenario, schedule)


@pytest.mark.parametrize(
    ("token", "steps", "one", "other"),
    [
        ("-", 229, [(1, 1), (2, 2), (3, 3)], [(1, 1), (2, 2), (3, 3)]),
        ("12.1,40.2", 218, [(2, 2), (3, 3)], [(1, 1), (2, 2), (3, 3)]),
        ("30.2,60.1,90.3", 225, [(1, 1), (2, 2), (3, 3)], [(1, 2), (2, 2), (3, 3)]),
    ],
)
def test_a_token_is_the_same_execution_on_every_python(token, steps, one, other):
    """The figures are those of CPython 3.11 to 3.13, which are the same."""
    world = SimulatedWorld(Subject.load("threadprims", ["PeriodicTimer"]))

    def scenario():
        timer = world.subject.PeriodicTimer(1.0)
        got = []

        def waiter():
            mine = []
            for k in timer:
                mine.append((k, world.time.monotonic()))
                if k >= 3:
                    timer.stop()
            got.append(mine)

        with timer:
            for thread in started(world, waiter, waiter):
                thread.join()
        return got

    assert world.execute(scenario, Schedule.parse(token)) == [one, other]
    assert world.kernel.steps == steps


@pytest.mark.parametrize("text", ["-", "12.1", "12.1,40.2"])
def test_tokens(text):
    assert str(Schedule.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "12", "a.b", "2.1,1.1", "1.1,1.2", "0.1", "1.0", "1.1.1", "12.1,"]
)
def test_no_tokens(text):
    with pytest.raises(ValueError, match="no schedule: "):
        Schedule.parse(text)


@given(schedules(100))
def test_schedules_are_those_of_tokens(delays):
    assert Schedule.parse(str(delays)) == delays


@pytest.mark.parametrize("seed", range(5))
def test_the_one_bit_flag_loses_ticks_in_at_most_two_delays(seed):
    subject = Subject.load(str(gallery.FOLDER / "one_bit_flag.py"), ["PeriodicTimer"])
    world = SimulatedWorld(subject)
    failing = []

    def scenario():
        timer = world.subject.PeriodicTimer(1.0)
        timer.start()
        got = [timer.wait_for_tick() for _ in range(3)]
        timer.stop()
        assert got == list(range(got[0], got[0] + 3))

    @settings(settings.get_profile("ci"), database=None, derandomize=False)
    @given(st.data())
    def property(data):
        try:
            world.for_example(data).run(scenario)
        except AssertionError as error:
            failing.append(error.__notes__[-1])
            raise

    with pytest.raises(AssertionError):
        seeded(seed)(property)()
    token = failing[-1].rpartition("=")[2]
    assert len(Schedule.parse(token)) <= 2


# Loading


@pytest.mark.parametrize(
    "name", ["asyncio", "multiprocessing", "subprocess", "concurrent.futures.process"]
)
def test_what_cannot_be_simulated_is_refused_in_one_line(tmp_path, name):
    with pytest.raises(CannotSimulate, match=f"^{name} cannot be simulated: [^\n]*$"):
        simulated(tmp_path, f"X = 1\ndef f():\n    import {name}", "X").subject.f()


def test_a_package_is_loaded_with_its_siblings(tmp_path):
    package = tmp_path / "sim_package"
    package.mkdir()
    (package / "__init__.py").write_text("from .parts import Thing\nfrom . import other")
    (package / "parts.py").write_text("import threading\nclass Thing:\n    lock = threading.Lock")
    (package / "other.py").write_text("from sim_package.parts import Thing as Same")
    world = SimulatedWorld(Subject.load(str(package), ["Thing"]))
    assert world.subject.Thing.lock is world.threading.Lock
    assert world.subject.other.Same is world.subject.Thing


def test_futures_queues_and_schedulers(tmp_path):
    text = """
import queue, sched, time, threading
from concurrent.futures import ThreadPoolExecutor
def work():
    q = queue.Queue(1)
    log = []
    s = sched.scheduler(time.monotonic, time.sleep)
    s.enter(2, 1, q.put, ("later",))
    s.enter(1, 1, q.put, ("sooner",))
    with ThreadPoolExecutor(2) as executor:
        done = executor.submit(s.run)
        log += [q.get(), time.monotonic(), q.get(timeout=5), time.monotonic()]
        done.result()
    s = queue.SimpleQueue()
    s.put(1)
    return [*log, s.get()]
"""
    world = simulated(tmp_path, text, "work")
    assert world.execute(world.subject.work) == ["sooner", 1, "later", 2, 1]


# Instrumentation


def steps_of(code, call):
    """The lines before which there is a step while ``call`` is evaluated."""
    passed, sites = [], []

    def pass_on(value, site):
        passed.append(site)
        return value

    names = {steps.STEP: passed.append, steps.PASS_ON: pass_on}
    exec(steps.compile_with_steps(code, "code.py", sites), names)
    eval(call, names)
    return [sites[site].line for site in passed]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("def f(x):\n  a = 1\n  return a", [2, 3]),
        ("def f(x):\n  'doc'\n  x.n = 1", [3]),
        ("def f(x):\n  x.n += 1", [2, 2]),
        ("def f(x):\n  x.n = x.n + x.n", [2, 2, 2]),
        ("def f(x):\n  return x.n + x.n", [2, 2]),
        ("def f(x):\n  while x.n < 2:\n    x.n = 2", [2, 3, 2]),
        ("n = 0\ndef f(x):\n  global n\n  n += 1", [4, 4]),
        ("def f(x):\n  n = 0\n  def g():\n    nonlocal n\n    n += 1\n  g()", [2, 6, 5, 5]),
        ("def f(x):\n  return [i for i in [x.n]]", [2]),
        ("def f(x):\n  y = []\n  y.append(x.n)", [2, 3, 3]),
        ("def f(x):\n  y = [1]\n  y.append(y.pop())", [2, 3, 3]),
        ("def f(x):\n  y = [1, 2]\n  return y.pop() + y.pop()", [2, 3, 3]),
        ("def f(x):\n  setattr(x, 'n', x.n)", [2, 2]),
        ("def f(x):\n  y = []\n  y.append(1)\n  y.append(len(y))", [2, 3, 4, 4]),
        ("def f(x):\n  try:\n    x.n()\n  except TypeError:\n    pass", [3]),
        (
            "def f(x):\n  a = b = __import__('contextlib').nullcontext()\n  with a, b: pass",
            [2, 3, 3],
        ),
        ("n = 0\ndef f(x):\n  global n\n  return (n := n + 1)", [4, 4]),
        ("def f(x):\n  for n in 1, 2:\n    (lambda: n)()", [2, 3, 3, 3, 3]),
        ("def f(x):\n  g = lambda: x\n  x = 1\n  g()", [2, 3, 4, 2]),
        ("class C:\n  y = 1\n  def m(self):\n    return self.y\ndef f(x):\n  C().m()", [6, 4]),
    ],
)
def test_steps(code, lines):
    x = "__import__('types').SimpleNamespace(n=0)"
    assert steps_of(code, f"f({x})") == lines


@pytest.mark.parametrize(
    "path", sorted(Path(threading.__file__).parent.glob("*.py"))[::8], ids=lambda p: p.name
)
def test_any_module_compiles_with_steps(path):
    for recording in (False, True):
        steps.compile_with_steps(
            path.read_bytes().decode("utf-8"), str(path), [], recording=recording
        )


@pytest.mark.parametrize("code", ["a, *b = x", "for a, *b in x: a", "[b for *b, c in x]"])
def test_starred_targets_compile_with_steps(code):
    steps.compile_with_steps(f"def f(x):\n  {code}", "code.py", [], recording=True)


def test_recursion_does_not_add_up_over_executions(world):
    def depth():
        depths = []

        def descend(level):
            try:
                descend(level + 1)
            except RecursionError:
                depths.append(level)

        for thread in started(world, lambda: descend(0)):
            thread.join()
        return max(depths)

    def nested(level=0):
        if level < KEPT + 10:
            for thread in started(world, lambda: nested(level + 1)):
                thread.join()

    first = world.execute(depth)
    for _ in range(50):
        world.execute(nested)
    assert world.execute(depth) >= first - 20
