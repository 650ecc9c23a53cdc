"""``CountdownTask``: laws T1 to T7, and G2 and G3 for it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import in_threads, wrong
from tests.properties.test_countdown import Signal
from threadlab import counts, example_worlds, intervals

pytestmark = pytest.mark.needs("CountdownTask")

ENDLESS = 10**9
HOUR = 3600.0


def moments(most=3):
    """Moments of termination, in intervals after the beginning: one for each thread."""
    return st.lists(st.floats(0, most), min_size=1, max_size=3)


def all_intervals():
    """As many of half a second at most, which are rare among the simulated world's, as longer."""
    return intervals() | intervals().map(lambda seconds: min(seconds, 0.5))


def terminator(world, task, delay, after=lambda: None):
    """Terminates ``task`` after ``delay`` seconds, then calls ``after``."""

    def body():
        world.time.sleep(delay)
        task.terminate()
        after()

    return body


@given(world=example_worlds(), n=counts(), interval=all_intervals())
def test_T1_unterminated_it_is_a_countdown(world, n, interval):
    def scenario():
        clock, log, times = world.time.monotonic, [], []

        def emit(value):
            log.append(value)
            times.append(clock())

        task = world.subject.CountdownTask(interval=interval, emit=emit)
        before = clock()
        assert task.run(n, started=Signal(log)) == 0
        assert log.pop(0) == "set"
        assert log == list(range(n, 0, -1))
        for k, at in enumerate([*times, clock()]):
            assert at >= before + k * interval
            due = (times or [before])[0] + k * interval
            assert not world.late(at, due)
            assert not world.early(at, due)
        assert not task.terminated

    world.run(scenario)


@given(world=example_worlds(), n=counts(1), interval=intervals(), data=st.data())
def test_T1_an_exception_from_emit_propagates(world, n, interval, data):
    bad = data.draw(st.integers(1, n), label="bad")

    def scenario():
        error, emitted = ValueError("from emit"), []

        def emit(value):
            emitted.append(value)
            if value == bad:
                raise error

        with pytest.raises(ValueError) as caught:
            world.subject.CountdownTask(interval=interval, emit=emit).run(n)
        assert caught.value is error
        assert emitted == list(range(n, bad - 1, -1))

    world.run(scenario)


@given(world=example_worlds(), n=counts(), interval=intervals(), moments=moments())
def test_T2_emits_a_prefix_and_returns_what_is_left(world, n, interval, moments):
    def scenario():
        emitted, left = [], []
        task = world.subject.CountdownTask(interval=interval, emit=emitted.append)
        in_threads(
            world,
            lambda: left.append(task.run(n)),
            *(terminator(world, task, moment * interval) for moment in moments),
        )
        assert emitted == list(range(n, n - len(emitted), -1))
        assert left == [n - len(emitted)]

    world.run(scenario)


@given(world=example_worlds(), n=counts(1), interval=intervals(), data=st.data())
def test_T2_terminated_from_inside_emit(world, n, interval, data):
    last = data.draw(st.integers(1, n), label="last")

    def scenario():
        emitted = []

        def emit(value):
            emitted.append(value)
            if value == last:
                task.terminate()

        task = world.subject.CountdownTask(interval=interval, emit=emit)
        assert task.run(n) == n - len(emitted)
        # T3 allows one more value than the last one
        assert emitted == list(range(n, n - len(emitted), -1))
        assert last - 1 <= n - len(emitted) + 1 <= last

    world.run(scenario)


@given(
    world=example_worlds(),
    ns=st.lists(counts(), min_size=2, max_size=3),
    interval=intervals(),
    moment=st.floats(0, 3),
    ends=st.booleans(),
    tasks=st.integers(1, 2),
)
def test_T2_each_run_by_itself_however_many_there_are_at_a_time(
    world, ns, interval, moment, ends, tasks
):
    """Of one task, or of two of which one alone is terminated."""
    moments = [moment] if ends or tasks == 2 else []

    def scenario():
        emitted, results = [[] for _ in range(tasks)], []
        made = [
            world.subject.CountdownTask(interval=interval, emit=values.append) for values in emitted
        ]

        def runs(number, n):
            def run():
                left = made[number % tasks].run(n)
                results.append((number, n, left))

            return run

        in_threads(
            world,
            *(runs(number, n) for number, n in enumerate(ns)),
            *(terminator(world, made[0], moment * interval) for moment in moments),
        )
        assert [task.terminated for task in made] == [bool(moments), False][:tasks]
        for number, n, left in results:
            assert 0 <= left <= n
            assert left == 0 or (moments and number % tasks == 0)
        for first, values in enumerate(emitted):  # in whatever thread, and so of whatever run
            coming = Counter(ns[first::tasks])
            for value in values:
                assert coming[value] > 0
                coming[value] -= 1
                coming[value - 1] += 1
            assert +coming == Counter(
                left for number, _, left in results if number % tasks == first
            )

    world.run(scenario)


@given(world=example_worlds(), n=counts(), interval=intervals(), moments=moments())
def test_T3_at_most_one_value_after_termination(world, n, interval, moments):
    def scenario():
        emitted, by_then = [], []
        task = world.subject.CountdownTask(interval=interval, emit=emitted.append)
        in_threads(
            world,
            lambda: task.run(n),
            *(
                terminator(world, task, moment * interval, lambda: by_then.append(len(emitted)))
                for moment in moments
            ),
        )
        assert len(emitted) <= min(by_then) + 1

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), moment=st.floats(0, 3))
def test_T4_returns_within_one_interval(world, interval, moment):
    def scenario():
        task = world.subject.CountdownTask(interval=interval, emit=lambda value: None)
        times = []

        def terminate():
            world.time.sleep(moment * interval)
            times.append(world.time.monotonic())
            task.terminate()

        def run():
            task.run(ENDLESS)
            times.append(world.time.monotonic())

        in_threads(world, run, terminate)
        terminated, returned = times
        assert not world.late(returned, terminated + interval)

    world.run(scenario)


@pytest.mark.reference
@given(world=example_worlds(), delay=intervals(), runs=st.integers(1, 3))
def test_T4_returns_at_once(world, delay, runs):
    def scenario():
        interval = HOUR + 10 * delay
        task = world.subject.CountdownTask(interval=interval, emit=lambda value: None)
        returned = []

        def run():
            task.run(2)
            returned.append(world.time.monotonic())

        begun = world.time.monotonic()
        in_threads(world, *[run] * runs, terminator(world, task, delay))
        assert all(not world.late(at, begun + delay) for at in returned)

    world.run(scenario)


@given(world=example_worlds(), n=counts(), interval=intervals())
def test_T5_terminated_before_run(world, n, interval):
    def scenario():
        emitted, started = [], world.threading.Event()
        task = world.subject.CountdownTask(interval=interval, emit=emitted.append)
        task.terminate()
        assert task.run(n, started=started) == n
        assert emitted == []
        assert started.is_set()

    world.run(scenario)


@given(world=example_worlds(), calls=st.integers(1, 3), threads=st.integers(1, 4), later=counts())
def test_T6_termination_is_once_and_for_all(world, calls, threads, later):
    def scenario():
        task = world.subject.CountdownTask(interval=0.001, emit=lambda value: None)

        def terminate():
            for _ in range(calls):
                assert task.terminate() is None
                assert task.terminated

        assert not task.terminated
        in_threads(world, lambda: task.run(ENDLESS), *[terminate] * threads)
        terminate()
        assert task.run(later) == later
        assert task.terminated

    world.run(scenario)


@given(world=example_worlds(), n=counts(), threads=st.integers(2, 4))
def test_T6_terminated_by_several_at_once(world, n, threads):
    """And by nothing else: nearly every step is one at which they can be in each other's way."""

    def scenario():
        task = world.subject.CountdownTask(emit=lambda value: None)
        in_threads(world, *[task.terminate] * threads)
        assert task.terminated
        assert task.run(n) == n

    world.run(scenario)


@given(world=example_worlds(), interval=intervals())
def test_T6_terminate_does_not_wait_for_the_run(world, interval):
    def scenario():
        emitting, terminated = world.threading.Event(), world.threading.Event()

        def emit(value):
            emitting.set()
            terminated.wait()

        task = world.subject.CountdownTask(interval=interval, emit=emit)

        def terminate():
            emitting.wait()
            task.terminate()
            terminated.set()

        in_threads(world, lambda: task.run(1), terminate)

    world.run(scenario)


@given(world=example_worlds(), n=counts(), interval=intervals())
def test_T7_runs_inline_in_a_thread_and_in_an_executor(world, n, interval):
    def scenario():
        emitted, left = [], []

        def run():
            emitted.append([])
            task = world.subject.CountdownTask(interval=interval, emit=emitted[-1].append)
            left.append(task.run(n))

        run()
        in_threads(world, run)
        with world.futures.ThreadPoolExecutor(1) as executor:
            executor.submit(run).result()
        assert left == [0, 0, 0]
        assert emitted == [list(range(n, 0, -1))] * 3

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), moment=st.floats(0, 3))
def test_G2_no_thread_is_left(world, interval, moment):
    def scenario():
        before = set(world.threading.enumerate())
        task = world.subject.CountdownTask(interval=interval, emit=lambda value: None)
        in_threads(world, lambda: task.run(ENDLESS), terminator(world, task, moment * interval))
        assert set(world.threading.enumerate()) <= before

    world.run(scenario)


@wrong.arguments(interval=wrong.SECONDS, emit=wrong.FUNCTION)
def test_G3_wrong_arguments(world, name, cases):
    assert wrong.not_refused(world, world.subject.CountdownTask, name, cases) == []


@wrong.arguments(n=wrong.COUNT, started=wrong.OBJECT)
def test_G3_wrong_arguments_of_run(world, name, cases):
    emitted, started = [], world.threading.Event()
    task = world.subject.CountdownTask(interval=0.001, emit=emitted.append)

    def call(**wrong_one):
        task.run(**{"n": 1, "started": started} | wrong_one)

    assert wrong.not_refused(world, call, name, cases) == []
    assert emitted == []
    assert not started.is_set()
