"""``countdown``: laws C1 to C5, and G3."""

import multiprocessing
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import in_threads, wrong
from threadlab import counts, example_worlds, intervals, watchdog

pytestmark = pytest.mark.needs("countdown")


class Signal:
    """A ``started`` that can do nothing but be set, and is given though it is false."""

    def __init__(self, log):
        self._log = log

    def __bool__(self):
        return False

    def set(self):
        self._log.append("set")


class Emit:
    """As false as a list is that has nothing in it yet."""

    def __init__(self):
        self.emitted = []

    def __len__(self):
        return len(self.emitted)

    def __call__(self, value):
        self.emitted.append(value)


@given(world=example_worlds(), n=counts(), interval=intervals())
def test_C1_emits_every_value_once_and_in_order(world, n, interval):
    def scenario():
        emit = Emit()
        world.subject.countdown(n, interval=interval, emit=emit)
        assert emit.emitted == list(range(n, 0, -1))

    world.run(scenario)


@given(world=example_worlds(), n=counts(), interval=intervals())
def test_C2_signals_once_before_the_first_emission(world, n, interval):
    def scenario():
        log = []
        world.subject.countdown(n, interval=interval, started=Signal(log), emit=log.append)
        assert log == ["set", *range(n, 0, -1)]

    world.run(scenario)


@given(world=example_worlds(), n=counts(1), interval=intervals())
def test_C3_emission_k_falls_k_intervals_after_the_first(world, n, interval):
    def scenario():
        clock, times = world.time.monotonic, []
        before = clock()
        world.subject.countdown(n, interval=interval, emit=lambda value: times.append(clock()))
        times.append(clock())  # it returns one interval after the last emission
        for k, at in enumerate(times):
            assert at >= before + k * interval
            assert not world.late(at, times[0] + k * interval)
            assert not world.early(at, times[0] + k * interval)

    world.run(scenario)


def test_C3_errors_do_not_add_up(world):
    """Not even those of rounding: no binary number is this interval."""
    n, interval = 100, 0.0001

    def scenario():
        clock, times = world.time.monotonic, []
        before = clock()
        world.subject.countdown(n, interval=interval, emit=lambda value: times.append(clock()))
        for k, at in enumerate(times):
            assert at >= before + k * interval
            assert not world.late(at, times[0] + k * interval)

    world.run(scenario)


@given(world=example_worlds(), n=counts(), interval=intervals())
def test_C4_runs_in_a_thread(world, n, interval):
    def scenario():
        emitted = []

        def body():
            world.subject.countdown(n, interval=interval, emit=emitted.append)

        in_threads(world, body)
        assert emitted == list(range(n, 0, -1))

    world.run(scenario)


@given(world=example_worlds(), ns=st.lists(counts(), max_size=4), interval=intervals())
def test_C4_runs_in_an_executor(world, ns, interval):
    def scenario():
        emitted = [[] for _ in ns]
        with world.futures.ThreadPoolExecutor(2) as executor:
            futures = [
                executor.submit(
                    world.subject.countdown,
                    n,
                    interval=interval,
                    started=Signal([]),
                    emit=log.append,
                )
                for n, log in zip(ns, emitted, strict=True)
            ]
        assert [future.result() for future in futures] == [None] * len(ns)
        assert emitted == [list(range(n, 0, -1)) for n in ns]

    world.run(scenario)


def test_C4_runs_in_another_process(subject):
    context = multiprocessing.get_context("spawn")
    started, emitted = context.Event(), context.SimpleQueue()
    process = context.Process(
        target=pickle.loads(pickle.dumps(subject.module.countdown)),
        args=(3,),
        kwargs={"interval": 0.001, "started": started, "emit": emitted.put},
        daemon=True,
    )

    def scenario():
        assert [emitted.get() for _ in range(3)] == [3, 2, 1]
        process.join()
        assert started.is_set()
        assert process.exitcode == 0

    process.start()
    try:
        watchdog(scenario, patience=60)
    finally:
        process.kill()
        process.join()
        process.close()
        emitted.close()


@given(world=example_worlds(), n=counts(1), interval=intervals(), data=st.data())
def test_C5_an_exception_from_emit_ends_it_and_propagates(world, n, interval, data):
    bad = data.draw(st.integers(1, n), label="bad")

    def scenario():
        error, emitted = ValueError("from emit"), []

        def emit(value):
            emitted.append(value)
            if value == bad:
                raise error

        with pytest.raises(ValueError) as caught:
            world.subject.countdown(n, interval=interval, emit=emit)
        assert caught.value is error
        assert emitted == list(range(n, bad - 1, -1))

    world.run(scenario)


@wrong.arguments(n=wrong.COUNT, interval=wrong.SECONDS, emit=wrong.FUNCTION, started=wrong.OBJECT)
def test_G3_wrong_arguments(world, name, cases):
    log = []

    def call(**wrong_one):
        arguments = {"n": 1, "interval": 0.001, "emit": log.append, "started": Signal(log)}
        world.subject.countdown(**arguments | wrong_one)

    assert wrong.not_refused(world, call, name, cases) == []
    assert log == []
