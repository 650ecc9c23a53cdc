"""``start``: laws S1 to S6, and G2 and G3 for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import in_threads, wrong
from threadlab import example_worlds, intervals

pytestmark = pytest.mark.needs("start")


class Odd(BaseException):
    """Not an `Exception`, and so missed by ``except Exception``."""


errors = st.sampled_from([ValueError, TimeoutError, RuntimeError, SystemExit, Odd])
delays = st.floats(0, 2)
"""In intervals."""


@given(world=example_worlds(), interval=intervals(), delay=delays, daemon=st.booleans())
def test_S1_the_target_has_signalled_in_the_new_thread(world, interval, delay, daemon):
    def scenario():
        current, go_on = world.threading.current_thread, world.threading.Event()
        signalled = []

        def target(a, b, *, started, c):
            assert (a, b, c) == (1, 2, 3)
            world.time.sleep(delay * interval)
            signalled.append(current())
            started.set()
            go_on.wait()

        def begin():
            thread = world.subject.start(target, 1, 2, c=3, name="Fred", daemon=daemon)
            try:
                assert signalled == [thread]
                assert thread is not current()
                assert thread.is_alive()
                assert (thread.name, thread.daemon) == ("Fred", daemon)
            finally:
                go_on.set()
                thread.join()

        # what is not said of the new one is not inherited either
        starter = world.threading.Thread(target=begin, daemon=not daemon)
        starter.start()
        starter.join()

    world.run(scenario)


@given(
    world=example_worlds(),
    interval=intervals(),
    starts=st.lists(
        st.tuples(delays, st.sampled_from(["signals", "raises", "returns"])), min_size=2, max_size=4
    ),
)
def test_S1_several_at_once_have_nothing_to_do_with_each_other(world, interval, starts):
    def scenario():
        def starter(number, delay, end):
            error, ran = ValueError(number), []

            def target(given, *, started):
                world.time.sleep(delay * interval)
                ran.append((world.threading.current_thread(), given))
                if end == "raises":
                    raise error
                if end == "signals":
                    started.set()

            def body():
                if end == "signals":
                    thread = world.subject.start(target, number)
                    assert ran == [(thread, number)]
                    thread.join()
                else:
                    with pytest.raises((ValueError, RuntimeError)) as caught:
                        world.subject.start(target, number)
                    assert (caught.value is error) == (end == "raises")

            return body

        in_threads(world, *(starter(number, *one) for number, one in enumerate(starts)))

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), delay=delays, kind=errors)
def test_S2_a_target_that_raises_before_its_signal(world, interval, delay, kind):
    def scenario():
        error = kind("before the signal")

        threads = []

        def target(*, started):
            threads.append(world.threading.current_thread())
            world.time.sleep(delay * interval)
            raise error

        with pytest.raises(kind) as caught:
            world.subject.start(target)
        assert caught.value is error
        assert not threads[0].is_alive()

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), delay=delays)
def test_S3_a_target_that_returns_without_its_signal(world, interval, delay):
    def scenario():
        threads = []

        def target(*, started):
            threads.append(world.threading.current_thread())
            world.time.sleep(delay * interval)

        with pytest.raises(RuntimeError):
            world.subject.start(target)
        assert not threads[0].is_alive()

    world.run(scenario)


@given(world=example_worlds(), timeout=intervals())
def test_S4_no_signal_in_time(world, timeout):
    def scenario():
        go_on, log = world.threading.Event(), []

        def target(*, started):
            go_on.wait()
            started.set()
            log.append("went on")

        before = world.time.monotonic()
        with pytest.raises(TimeoutError) as caught:
            world.subject.start(target, timeout=timeout)
        at, thread = world.time.monotonic(), caught.value.thread
        try:
            assert thread.is_alive()
            assert at >= before + timeout
            assert not world.late(at, before + timeout)
        finally:
            go_on.set()
            thread.join()
        assert log == ["went on"]

    world.run(scenario)


@given(world=example_worlds(), timeout=intervals(), delay=delays, fails=st.booleans())
def test_S4_a_signal_or_a_failure_about_when_the_time_is_up(world, timeout, delay, fails):
    def scenario():
        error, unhandled = ValueError("before the signal"), []

        threads = []

        def target(*, started):
            threads.append(world.threading.current_thread())
            world.time.sleep(delay * timeout)
            if fails:
                raise error
            started.set()

        thread = raised = None
        world.threading.excepthook, before = unhandled.append, world.threading.excepthook
        try:
            thread = world.subject.start(target, timeout=timeout)
        except (TimeoutError, ValueError) as either:
            thread, raised = getattr(either, "thread", None), either
        finally:
            if thread is not None:
                thread.join()
            world.threading.excepthook = before
        if raised is error:
            assert fails
            assert not threads[0].is_alive()
        else:
            assert threads == [thread]
            assert raised is not None or not fails

    world.run(scenario)


@pytest.mark.reference
@given(world=example_worlds(), timeout=intervals())
def test_S4_a_failure_after_the_time_is_up_is_the_threads_own(world, timeout):
    def scenario():
        error, unhandled = ValueError("too late"), []

        go_on = world.threading.Event()

        def target(*, started):
            go_on.wait()
            raise error

        with pytest.raises(TimeoutError) as caught:
            world.subject.start(target, timeout=timeout)
        world.threading.excepthook, before = unhandled.append, world.threading.excepthook
        try:
            go_on.set()
            caught.value.thread.join()
        finally:
            world.threading.excepthook = before
        assert [args.exc_value for args in unhandled] == [error]

    world.run(scenario)


@given(
    world=example_worlds(),
    interval=intervals(),
    delay=delays,
    kind=st.sampled_from([ValueError, Odd]),
)
def test_S5_an_exception_after_the_signal_is_the_threads_own(world, interval, delay, kind):
    def scenario():
        error, unhandled = kind("after the signal"), []

        def target(*, started):
            started.set()
            if delay:
                world.time.sleep(delay * interval)
            raise error

        world.threading.excepthook, before = unhandled.append, world.threading.excepthook
        try:
            thread = world.subject.start(target)
            thread.join()
        finally:
            world.threading.excepthook = before
        assert [(args.exc_value, args.thread) for args in unhandled] == [(error, thread)]

    world.run(scenario)


@given(world=example_worlds(), times=st.integers(2, 5))
def test_S6_further_signals_change_nothing(world, times):
    def scenario():
        log = []

        def target(*, started):
            for _ in range(times):
                started.set()
            log.append("went on")

        thread = world.subject.start(target)
        assert not thread.daemon
        thread.join()
        assert log == ["went on"]

    world.run(scenario)


def test_S1_a_target_without_a_name(world):
    class Target:
        def __call__(self, *, started):
            started.set()

    world.run(lambda: world.subject.start(Target()).join())


@pytest.mark.reference
def test_S1_the_thread_has_a_name_like_one_for_the_target(world):
    def fetch(*, started):
        started.set()

    def scenario():
        thread = world.subject.start(fetch)
        thread.join()
        assert thread.name.endswith("(fetch)")

    world.run(scenario)


@pytest.mark.needs("countdown", "CountdownTask", "IOTask")
@given(world=example_worlds(), interval=intervals())
def test_S1_starts_what_the_package_offers(world, interval):
    def scenario():
        subject, emitted = world.subject, []
        task = subject.CountdownTask(interval=interval, emit=emitted.append)
        io_task = subject.IOTask(emitted.append, timeout=interval)
        ours, peer = world.socket.socketpair()
        try:
            threads = [
                subject.start(subject.countdown, 1, interval=interval, emit=emitted.append),
                subject.start(task.run, 10**9),
                subject.start(io_task.run, ours),
            ]
            task.terminate()
            io_task.terminate()
            for thread in threads:
                thread.join()
        finally:
            ours.close()
            peer.close()

    world.run(scenario)


@pytest.mark.parametrize("end", ["raises", "returns", "signals"])
@given(world=example_worlds(), interval=intervals(), delay=delays)
def test_G2_no_thread_is_left(world, end, interval, delay):
    def scenario():
        before = set(world.threading.enumerate())

        def target(*, started):
            world.time.sleep(delay * interval)
            if end == "raises":
                raise ValueError
            if end == "signals":
                started.set()

        if end == "signals":
            world.subject.start(target).join()
        else:
            with pytest.raises((ValueError, RuntimeError)):
                world.subject.start(target)
        assert set(world.threading.enumerate()) <= before

    world.run(scenario)


@wrong.arguments(target=wrong.FUNCTION, name=wrong.NAME, daemon=wrong.FLAG, timeout=wrong.TIMEOUT)
def test_G3_wrong_arguments(world, name, cases):
    called = []

    def target(*, started):
        called.append("target")
        started.set()

    def call(**wrong_one):
        world.subject.start(**{"target": target} | wrong_one)

    assert wrong.not_refused(world, call, name, cases) == []
    assert called == []


@pytest.mark.reference
def test_G3_started_is_not_the_callers_to_give(world):
    def call(**wrong_one):
        world.subject.start(print, **wrong_one)

    assert wrong.not_refused(world, call, "started", [(1, TypeError)]) == []
