"""``running``: laws R1 to R3, and G2 to G4 for it."""

import contextlib
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import in_threads, no_thread_to_be_had, wrong
from threadlab import example_worlds, intervals

pytestmark = pytest.mark.needs("running")


class Odd(BaseException):
    """Not an `Exception`, and so missed by ``except Exception``."""


delays = st.floats(0, 2)
"""In intervals."""


class Task:
    """Runs until terminated, or for ``lasts`` seconds; then raises ``error`` if there is one."""

    def __init__(self, world, *, lasts=None, error=None):
        self.world = world
        self.lasts = lasts
        self.error = error
        self.event = world.threading.Event()
        self.ended = world.threading.Event()
        self.calls = []

    def run(self, *args):
        self.calls.append((self.world.threading.current_thread(), args))
        self.event.wait(self.lasts)
        self.ended.set()
        if self.error is not None:
            raise self.error

    def terminate(self):
        self.event.set()

    @property
    def terminated(self):
        return self.event.is_set()


@given(world=example_worlds(), interval=intervals(), delay=delays, daemon=st.booleans())
def test_R1_runs_the_task_for_the_length_of_the_block(world, interval, delay, daemon):
    def scenario():
        task = Task(world)

        def run():
            block = world.subject.running(task, 1, 2, name="Fred", daemon=daemon)
            world.time.sleep(delay * interval)
            assert task.calls == []  # not before the block is entered
            with block as thread:
                assert (thread.name, thread.daemon) == ("Fred", daemon)
                world.time.sleep(delay * interval)
                assert thread.is_alive()
                assert not task.terminated
            assert not thread.is_alive()
            assert task.terminated
            assert task.calls == [(thread, (1, 2))]

        # what is not said of the new thread is not inherited either
        runner = world.threading.Thread(target=run, daemon=not daemon)
        runner.start()
        runner.join()

    world.run(scenario)


@given(
    world=example_worlds(),
    interval=intervals(),
    blocks=st.lists(st.tuples(delays, st.booleans()), min_size=2, max_size=3),
)
def test_R1_several_at_once_have_nothing_to_do_with_each_other(world, interval, blocks):
    def scenario():
        def block(number, delay, fails):
            error = ValueError(number) if fails else None

            def body():
                task = Task(world, error=error)
                with contextlib.ExitStack() as stack:
                    if fails:
                        caught = stack.enter_context(pytest.raises(ValueError))
                    with world.subject.running(task, number) as thread:
                        world.time.sleep(delay * interval)
                        assert thread.is_alive()
                        assert not task.terminated
                assert not fails or caught.value is error
                assert not thread.is_alive()
                assert task.calls == [(thread, (number,))]

            return body

        in_threads(world, *(block(number, *one) for number, one in enumerate(blocks)))

    world.run(scenario)


@given(
    world=example_worlds(),
    interval=intervals(),
    blocks=st.lists(delays, min_size=2, max_size=3),
)
def test_G4_several_blocks_of_one_task_at_once(world, interval, blocks):
    """Each has a thread of its own; the first to end has terminated the task for them all."""

    def scenario():
        task, threads = Task(world), {}

        def block(number, delay):
            def body():
                with world.subject.running(task, number) as threads[number]:
                    world.time.sleep(delay * interval)
                assert task.terminated
                assert not threads[number].is_alive()

            return body

        in_threads(world, *(block(number, delay) for number, delay in enumerate(blocks)))
        of_each = {number: thread for thread, (number,) in task.calls}
        assert len(task.calls) == len(blocks)
        assert of_each == threads

    world.run(scenario)


@pytest.mark.parametrize("way", ["return", "raise", "break", "close"])
@given(world=example_worlds(), interval=intervals(), delay=delays, ends=st.booleans())
def test_R1_in_whatever_way_the_block_ends(world, way, interval, delay, ends):
    def scenario():
        task = Task(world, lasts=interval if ends else None)
        threads = []

        def block():
            for _ in range(2):
                with world.subject.running(task) as thread:
                    threads.append(thread)
                    world.time.sleep(delay * interval)
                    match way:
                        case "return":
                            return
                        case "raise":
                            raise Odd
                        case "break":
                            break
                        case "close":
                            yield

        generator = block()
        with contextlib.suppress(Odd, StopIteration):
            next(generator)
            generator.close()
        assert len(threads) == 1
        assert not threads[0].is_alive()
        assert task.terminated

    world.run(scenario)


@pytest.mark.reference
def test_R1_the_thread_has_a_name_like_one_for_the_task(world):
    def scenario():
        with world.subject.running(Task(world)) as thread:
            assert thread.name.endswith("(run)")

    world.run(scenario)


@pytest.mark.reference
def test_R1_a_thread_that_cannot_start(world):
    def scenario():
        task, entered = Task(world), []
        with no_thread_to_be_had(world), pytest.raises(RuntimeError), world.subject.running(task):
            entered.append(True)  # and not a failure, which the end of the block would replace
        assert not entered
        assert task.terminated

    world.run(scenario)


@pytest.mark.parametrize("kind", [ValueError, SystemExit, Odd])
@given(world=example_worlds(), interval=intervals(), delay=delays, early=st.booleans())
def test_R2_the_tasks_exception_is_raised_at_the_end(world, kind, interval, delay, early):
    def scenario():
        error = kind("from the task")

        task = Task(world, lasts=0 if early else None, error=error)
        log = []
        with pytest.raises(kind) as caught, world.subject.running(task) as thread:
            world.time.sleep(delay * interval)
            log.append("the block went on")
        assert caught.value is error
        assert log == ["the block went on"]
        assert not thread.is_alive()

    world.run(scenario)


@given(
    world=example_worlds(),
    interval=intervals(),
    delay=delays,
    early=st.booleans(),
    fails=st.booleans(),
    kind=st.sampled_from([ValueError, RuntimeError, Odd]),
)
def test_R2_the_blocks_exception_goes_before(world, interval, delay, early, fails, kind):
    def scenario():
        error = ValueError("from the task") if fails else None
        raised = kind("from the block")

        task = Task(world, lasts=0 if early else None, error=error)
        with pytest.raises(kind) as caught, world.subject.running(task):
            world.time.sleep(delay * interval)
            raise raised
        assert caught.value is raised
        assert caught.value.__context__ is error

    world.run(scenario)


@pytest.mark.reference
@given(world=example_worlds(), interval=intervals())
def test_R2_an_exception_that_is_both(world, interval):
    def scenario():
        error = ValueError("from the task and from the block")

        task = Task(world, lasts=0, error=error)
        with pytest.raises(ValueError) as caught, world.subject.running(task) as thread:
            thread.join()
            raise error
        assert caught.value is error
        assert error.__context__ is not error

    world.run(scenario)


def test_R2_two_exceptions_that_are_equal(world):
    @dataclasses.dataclass
    class Failure(Exception):
        status: int

    def scenario():
        error, raised = Failure(404), Failure(404)
        with pytest.raises(Failure) as caught, world.subject.running(Task(world, error=error)):
            raise raised
        assert caught.value is raised
        assert raised.__context__ is error

    world.run(scenario)


@given(world=example_worlds(), lasts=intervals())
def test_R3_a_task_that_finished_by_itself(world, lasts):
    def scenario():
        task = Task(world, lasts=lasts)
        with world.subject.running(task) as thread:
            assert not thread.daemon
            task.ended.wait()  # not the thread, which may be there for the length of the block
            before = world.time.monotonic()
        assert not world.late(world.time.monotonic(), before)

    world.run(scenario)


@pytest.mark.needs("CountdownTask", "IOTask")
@given(world=example_worlds(), interval=intervals(), delay=delays)
def test_R1_runs_what_the_package_offers(world, interval, delay):
    def scenario():
        subject, emitted = world.subject, []
        ours, peer = world.socket.socketpair()
        countdown = subject.CountdownTask(interval=interval, emit=emitted.append)
        io_task = subject.IOTask(emitted.append, timeout=interval)
        try:
            with subject.running(countdown, 10**9), subject.running(io_task, ours):
                world.time.sleep(delay * interval)
        finally:
            ours.close()
            peer.close()

    world.run(scenario)


@given(world=example_worlds(), tasks=st.integers(1, 4))
def test_G2_no_thread_is_left(world, tasks):
    def scenario():
        before = set(world.threading.enumerate())
        with contextlib.ExitStack() as stack:
            for _ in range(tasks):
                stack.enter_context(world.subject.running(Task(world)))
        assert set(world.threading.enumerate()) <= before

    world.run(scenario)


@wrong.arguments(task=[*wrong.OBJECT, (None, TypeError)], name=wrong.NAME, daemon=wrong.FLAG)
def test_G3_wrong_arguments(world, name, cases):
    task = Task(world)

    def call(**wrong_one):  # and not only when the block is entered
        world.subject.running(**{"task": task} | wrong_one)

    assert wrong.not_refused(world, call, name, cases) == []
    assert task.calls == []
