"""``PeriodicTimer``: laws P1 to P11, and G2 to G4 for it."""

import itertools
import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import in_threads, no_thread_to_be_had, wrong
from threadlab import counts, example_worlds, intervals

pytestmark = pytest.mark.needs("PeriodicTimer", "TimerStopped")

HOUR = 3600.0
"""An interval so long that nothing but `stop` can end a wait."""

waiters = st.integers(1, 5)


def naps(most=3):
    """How long a thread stays away between two of its calls, in intervals, again and again."""
    return st.lists(st.floats(0, most), min_size=1, max_size=4)


def consecutive(ticks):
    return list(ticks) == list(range(ticks[0], ticks[0] + len(ticks))) if ticks else True


def ticks_until_stopped(world, timer):
    """What is left for this thread: its ticks before `TimerStopped`."""
    ticks = []
    while True:
        try:
            ticks.append(timer.wait_for_tick())
        except world.subject.TimerStopped:
            return ticks


@given(world=example_worlds(), interval=intervals(), ticks=counts(1), naps=naps(5))
def test_P1_tick_k_falls_k_intervals_after_the_start(world, interval, ticks, naps):
    def scenario():
        clock = world.time.monotonic
        timer = world.subject.PeriodicTimer(interval)
        places, over = iter(timer), world.threading.Event()
        assert timer.ticks == 0

        def sleep():  # lets time pass while the timer's thread is held up, for several ticks
            for nap in itertools.cycle(naps):
                if over.is_set():
                    return
                world.time.sleep((nap + 0.3) * interval)

        def wait():
            for k in range(1, ticks + 1):
                assert next(places) == k
                at = clock()
                assert at >= before + k * interval
                due, one_before = after + k * interval, after + (k - 1) * interval
                assert not world.late(at, due)
                # whoever is held up on the way into a wait is late once, and then on time again
                assert not world.overdue(at, due, since=one_before)
                assert k <= timer.ticks

        def wait_to_the_end():
            try:
                wait()
            finally:
                over.set()

        before = clock()
        with timer:
            after = clock()
            in_threads(world, wait_to_the_end, sleep)

    world.run(scenario)


@given(
    world=example_worlds(),
    interval=intervals(),
    idle=st.floats(0, 2),
    naps=st.lists(st.floats(1, 6), min_size=1),
)
def test_P1_on_time_again_however_late_it_was(world, interval, idle, naps):
    """Little but sleeps: one delay holds the timer's thread up for as many ticks as fall in one."""

    def scenario():
        clock = world.time.monotonic
        timer = world.subject.PeriodicTimer(interval)
        world.time.sleep(idle * interval)
        before = clock()
        with timer:
            after = clock()
            for nap in naps:
                world.time.sleep(nap * interval)
            for _ in range(3):
                k = timer.wait_for_tick()
                assert clock() >= before + k * interval
                due, one_before = after + k * interval, after + (k - 1) * interval
                assert not world.overdue(clock(), due, since=one_before)

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), naps=st.lists(st.floats(0, 3), max_size=4))
def test_P1_counts_what_is_due_and_no_more(world, interval, naps):
    def scenario():
        clock = world.time.monotonic
        timer = world.subject.PeriodicTimer(interval)
        before = clock()
        with timer:
            last = 0
            for nap in naps:
                world.time.sleep(nap * interval)
                ticks = timer.ticks
                assert last <= ticks
                assert before + ticks * interval <= clock()
                last = ticks

    world.run(scenario)


@pytest.mark.reference
@given(
    world=example_worlds(),
    interval=st.floats(1e-3, 1e3),
    began=st.just(0.0) | st.floats(0, 1e3),
    k=st.integers(2, 10**12),
)
def test_P1_far_behind_it_counts_what_is_due_and_no_more(world, interval, began, k):
    """After a long sleep of the machine, which ends the least possible time before tick k is due.

    There are too many to count them one by one, and a division may be rounded up to k.
    """
    now = math.nextafter(began + k * interval, 0)

    def scenario():
        looked, caught_up = [], world.threading.Event()

        def clock():
            looked.append(now if looked else began)
            if len(looked) == 10:
                caught_up.set()
            return looked[-1]

        timer = world.subject.PeriodicTimer(interval)
        world.time.monotonic, before = clock, world.time.monotonic
        try:
            with timer:
                caught_up.wait()
                assert timer.ticks == k - 1
        finally:
            world.time.monotonic = before

    world.run(scenario)


@given(
    world=example_worlds(), interval=intervals(), ticks=counts(1), naps=st.lists(naps(), min_size=1)
)
def test_P2_each_thread_gets_consecutive_ticks(world, interval, ticks, naps):
    def scenario():
        timer = world.subject.PeriodicTimer(interval)
        got = [[] for _ in naps]

        def waiter(naps, got):
            def body():
                for nap in itertools.islice(itertools.cycle(naps), ticks):
                    got.append(timer.wait_for_tick())
                    world.time.sleep(nap * interval)

            return body

        with timer:
            in_threads(world, *map(waiter, naps, got))
        for its_ticks in got:
            assert len(its_ticks) == ticks
            assert consecutive(its_ticks)

    world.run(scenario)


@given(
    world=example_worlds(),
    pair=st.tuples(intervals(), st.just(1.0) | st.floats(0.3, 3)),
    waits=st.lists(st.lists(st.booleans(), min_size=2, max_size=6), min_size=1, max_size=3),
)
def test_P2_two_timers_have_nothing_to_do_with_each_other(world, pair, waits):
    """Whoever waits now for one and now for the other: nothing is kept on class or thread."""
    interval, ratio = pair

    def scenario():
        one, other = timers = [world.subject.PeriodicTimer(s) for s in (interval, ratio * interval)]
        places = [iter(timer) for timer in timers]

        def waiter(waits):
            def body():
                got = {timer: [] for timer in timers}
                before = [timer.ticks for timer in timers]
                for which in waits:
                    got[timers[which]].append(timers[which].wait_for_tick())
                for timer, then in zip(timers, before, strict=True):
                    assert consecutive(got[timer])
                    assert not got[timer] or then < got[timer][0]
                    assert not got[timer] or got[timer][-1] <= timer.ticks

            return body

        with other:
            with one:
                in_threads(world, *map(waiter, waits))
            assert ticks_until_stopped(world, one) == []
            last = other.ticks + 2  # it goes on
            assert [next(places[1]) for _ in range(last)] == list(range(1, last + 1))
        assert list(places[0]) == list(range(1, one.ticks + 1))

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), delays=st.lists(st.floats(0, 4), min_size=1))
def test_P2_the_first_is_the_first_to_fall_after_the_call(world, interval, delays):
    def scenario():
        timer = world.subject.PeriodicTimer(interval)

        def waiter(delay):
            def body():
                world.time.sleep(delay * interval)
                before = timer.ticks
                try:
                    first = timer.wait_for_tick(timeout=0)
                except TimeoutError:
                    after = timer.ticks
                    first = timer.wait_for_tick()
                else:
                    after = timer.ticks
                # the call was made when between ``before`` and ``after`` ticks had fallen
                assert before < first <= after + 1

            return body

        with timer:
            in_threads(world, *map(waiter, delays))

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), threads=st.integers(1, 6))
def test_P2_a_new_thread_does_not_inherit_the_place_of_another(world, interval, threads):
    """One after the other, since the ident of a thread that has ended is used again."""

    def scenario():
        timer = world.subject.PeriodicTimer(interval)
        pace = iter(timer)

        def waiter():
            before = timer.ticks
            assert timer.wait_for_tick() > before

        with timer:
            for _ in range(threads):
                in_threads(world, waiter, name="Fred")
                next(pace)
                next(pace)

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), ticks=counts(1), waiters=waiters)
def test_P3_never_early(world, interval, ticks, waiters):
    def scenario():
        clock = world.time.monotonic
        timer = world.subject.PeriodicTimer(interval)
        before = clock()

        def waiter():
            for _ in range(ticks):
                k = timer.wait_for_tick()
                assert clock() >= before + k * interval
                assert timer.ticks >= k

        def sleep():  # lets time pass while the timer's thread is held up
            for _ in range(ticks):
                world.time.sleep(0.7 * interval)

        with timer:
            in_threads(world, sleep, *[waiter] * waiters)

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), behind=counts(1), waiters=waiters)
def test_P4_a_thread_that_is_behind_does_not_wait(world, interval, behind, waiters):
    def scenario():
        timer = world.subject.PeriodicTimer(interval)

        def waiter():
            pace = iter(timer)
            first = timer.wait_for_tick()
            while next(pace) < first + behind:
                pass
            # ``timeout=0`` does not wait, and so fails unless the tick is there already
            assert [timer.wait_for_tick(timeout=0) for _ in range(behind)] == [
                first + k for k in range(1, behind + 1)
            ]

        with timer:
            in_threads(world, *[waiter] * waiters)

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), ticks=counts(1), waiters=waiters)
def test_P4_a_waiting_thread_returns_when_its_tick_has_fallen(world, interval, ticks, waiters):
    def scenario():
        clock = world.time.monotonic
        timer = world.subject.PeriodicTimer(interval)

        def waiter():
            for _ in range(ticks):
                k = timer.wait_for_tick()
                assert not world.late(clock(), started + k * interval)

        with timer:
            started = clock()
            in_threads(world, *[waiter] * waiters)

    world.run(scenario)


def test_P4_one_tick_is_enough_for_every_waiter(world):
    """Notified one a tick, the last of them would wait for longer than the watchdog does."""
    interval, waiters = 0.5, 40

    def scenario():
        timer = world.subject.PeriodicTimer(interval)

        def waiter():
            k = timer.wait_for_tick()
            assert not world.late(world.time.monotonic(), started + k * interval)

        with timer:
            started = world.time.monotonic()
            in_threads(world, *[waiter] * waiters)

    world.run(scenario)


@given(
    world=example_worlds(), interval=intervals(), after=st.floats(0, 3), stoppers=st.integers(1, 4)
)
def test_P5_stop_returns_when_the_timers_thread_has_finished(world, interval, after, stoppers):
    def scenario():
        alone = set(world.threading.enumerate())
        timer = world.subject.PeriodicTimer(interval)
        timer.start()
        its_own = set(world.threading.enumerate()) - alone
        world.time.sleep(after * interval)
        ticks = []

        def stop():
            timer.stop()
            assert not any(thread.is_alive() for thread in its_own)
            ticks.append(timer.ticks)

        in_threads(world, *[stop] * stoppers)
        world.time.sleep(2 * interval)
        timer.stop()
        ticks.append(timer.ticks)
        assert len(set(ticks)) == 1

    world.run(scenario)


@pytest.mark.reference
def test_P5_stop_after_a_start_that_failed(world):
    def scenario():
        timer = world.subject.PeriodicTimer(0.001)
        with no_thread_to_be_had(world), pytest.raises(RuntimeError):
            timer.start()
        with pytest.raises(world.subject.TimerStopped):
            timer.wait_for_tick()
        timer.stop()

    world.run(scenario)


@given(world=example_worlds(), waiters=waiters, delay=intervals(), more=st.integers(0, 2))
def test_P6_stop_releases_every_waiter_at_once(world, waiters, delay, more):
    def scenario():
        clock = world.time.monotonic
        timer = world.subject.PeriodicTimer(HOUR + 10 * delay)
        stopped = []

        def waiter():
            # none but when a schedule holds up the stop for an hour
            got = ticks_until_stopped(world, timer)
            assert not got or got == list(range(got[0], timer.ticks + 1))
            assert issubclass(world.subject.TimerStopped, Exception)
            assert not stopped or not world.late(clock(), stopped[0])
            for _ in range(more):
                with pytest.raises(world.subject.TimerStopped):
                    timer.wait_for_tick()

        def iterate():
            assert consecutive(list(timer))

        def stop():
            world.time.sleep(delay)
            stopped.append(clock())
            timer.stop()

        timer.start()
        # stop first: held up on the way into a wait, a thread is one delay from being passed over
        in_threads(world, stop, *[waiter] * waiters, iterate)

    world.run(scenario)


@given(world=example_worlds(), delay=intervals(), waiters=st.integers(1, 4))
def test_P6_stop_misses_nobody(world, delay, waiters):
    """Nothing but waits and a stop: nearly every step is one at which they can miss each other."""

    def scenario():
        timer = world.subject.PeriodicTimer(HOUR)

        def waiter():
            with pytest.raises(world.subject.TimerStopped):
                timer.wait_for_tick()

        def stop():
            world.time.sleep(delay)
            timer.stop()

        in_threads(world, stop, *[waiter] * waiters)

    world.run(scenario)


@given(
    world=example_worlds(), interval=intervals(), ticks=counts(1), naps=st.lists(naps(), min_size=1)
)
def test_P6_ticks_that_fell_before_the_stop_are_still_to_be_had(world, interval, ticks, naps):
    def scenario():
        timer = world.subject.PeriodicTimer(interval)
        ready = world.threading.Barrier(len(naps) + 1)

        def waiter(naps):
            def body():
                got = []
                with pytest.raises(TimeoutError):  # takes its place before the first tick
                    timer.wait_for_tick(timeout=0)
                ready.wait()
                for nap in naps:
                    world.time.sleep(nap * interval)
                    try:
                        got.append(timer.wait_for_tick())
                    except world.subject.TimerStopped:
                        break
                got += ticks_until_stopped(world, timer)
                assert got == list(range(1, timer.ticks + 1))
                for timeout in (None, 0, interval):
                    with pytest.raises(world.subject.TimerStopped):
                        timer.wait_for_tick(timeout)

            return body

        def late():  # it has had none, and there are none to be had
            with pytest.raises(world.subject.TimerStopped):
                timer.wait_for_tick()

        def stop():
            ready.wait()
            with timer:
                world.time.sleep(ticks * interval)

        in_threads(world, *map(waiter, naps), stop)
        in_threads(world, late)

    world.run(scenario)


@given(
    world=example_worlds(),
    interval=intervals(),
    nap=st.floats(0, 3),
    timeouts=st.lists(st.floats(0, 2), max_size=5),
)
def test_P7_a_timeout_uses_up_no_tick(world, interval, nap, timeouts):
    def scenario():
        clock = world.time.monotonic
        timer = world.subject.PeriodicTimer(interval)
        with pytest.raises(TimeoutError):  # takes its place before the first tick
            timer.wait_for_tick(timeout=0)
        got = []
        with timer:
            world.time.sleep(nap * interval)
            for timeout in timeouts:
                before = clock()
                try:
                    got.append(timer.wait_for_tick(timeout * interval))
                except TimeoutError:
                    assert clock() >= before + timeout * interval
                assert not world.late(clock(), before + timeout * interval)
            got.append(timer.wait_for_tick())
        assert got == list(range(1, len(got) + 1))

    world.run(scenario)


@given(world=example_worlds(), timeout=st.just(0.0) | intervals(), started=st.booleans())
def test_P7_no_tick_in_time(world, timeout, started):
    interval = HOUR + 10 * timeout

    def scenario():
        clock = world.time.monotonic
        timer = world.subject.PeriodicTimer(interval)
        begun = clock()
        if started:
            timer.start()
        before = clock()
        try:
            timer.wait_for_tick(timeout)
        except TimeoutError:
            assert clock() >= before + timeout
        else:  # only if a schedule held this thread up for so long
            assert started
            assert clock() >= begun + interval
        finally:
            timer.stop()
        assert not world.late(clock(), before + timeout)

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), starters=st.integers(2, 4))
def test_P8_starts_once(world, interval, starters):
    def scenario():
        timer = world.subject.PeriodicTimer(interval)
        refused = []

        def start():
            try:
                timer.start()
            except RuntimeError:
                refused.append(True)

        in_threads(world, *[start] * starters)
        assert len(refused) == starters - 1
        timer.stop()
        with pytest.raises(RuntimeError):
            timer.start()
        with pytest.raises(RuntimeError), timer:
            pass

    world.run(scenario)


@pytest.mark.reference
def test_P8_the_message_says_whether_it_was_started_or_stopped(world):
    def scenario():
        timer = world.subject.PeriodicTimer(HOUR)
        with timer, pytest.raises(RuntimeError, match="started before"):
            timer.start()
        with pytest.raises(RuntimeError, match="stopped before"):
            timer.start()

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), waiters=waiters, delay=st.floats(0, 3))
def test_P8_waiting_before_the_start_is_allowed(world, interval, waiters, delay):
    def scenario():
        timer = world.subject.PeriodicTimer(interval)
        placed = world.threading.Barrier(waiters + 2)
        got = []

        def waiter():
            with pytest.raises(TimeoutError):
                timer.wait_for_tick(timeout=0)
            placed.wait()
            got.append(timer.wait_for_tick())

        def iterate():
            place = iter(timer)
            placed.wait()
            got.append(next(place))

        def start():
            placed.wait()
            world.time.sleep(delay * interval)
            timer.start()

        try:
            in_threads(world, *[waiter] * waiters, iterate, start)
        finally:
            timer.stop()
        assert got == [1] * (waiters + 1)

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), waiters=waiters, delay=st.floats(0, 2))
def test_P8_stopping_before_the_start_is_allowed(world, interval, waiters, delay):
    def scenario():
        timer = world.subject.PeriodicTimer(interval)

        def waiter():
            assert ticks_until_stopped(world, timer) == []

        def stop():
            world.time.sleep(delay * interval)
            timer.stop()

        in_threads(world, *[waiter] * waiters, stop)
        with pytest.raises(RuntimeError):
            timer.start()
        assert timer.ticks == 0

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), ticks=counts(1), slow=st.integers(1, 3))
def test_P9_a_slow_thread_delays_no_other(world, interval, ticks, slow):
    def scenario():
        clock = world.time.monotonic
        timer = world.subject.PeriodicTimer(interval)
        over = world.threading.Event()

        def away():
            timer.wait_for_tick()
            over.wait()

        def fast():
            try:
                got = []
                for _ in range(ticks):
                    got.append(timer.wait_for_tick())
                    assert not world.late(clock(), started + got[-1] * interval)
                assert consecutive(got)
            finally:
                over.set()

        with timer:
            started = clock()
            in_threads(world, fast, *[away] * slow)

    world.run(scenario)


@given(
    world=example_worlds(),
    interval=intervals(),
    ticks=counts(),
    late=st.floats(0, 3),
    data=st.data(),
)
def test_P10_iteration_has_a_place_of_its_own(world, interval, ticks, late, data):
    early = data.draw(st.booleans(), label="early")

    def scenario():
        timer = world.subject.PeriodicTimer(interval)
        places = [iter(timer)] if early else []
        with timer:
            world.time.sleep(late * interval)
            before = timer.ticks
            places.append(iter(timer))
            after = timer.ticks
            for _ in range(ticks):
                timer.wait_for_tick()
            world.time.sleep(interval)
        for place in places:
            got = list(place)
            assert consecutive(got)
            assert not got or got[-1] == timer.ticks
            assert list(place) == []
            if place is not places[-1]:
                assert got == list(range(1, timer.ticks + 1))
            else:
                # it began where iter() was called, not where next() was
                assert before <= timer.ticks - len(got) <= after

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), ticks=counts(1), waiters=waiters)
def test_P10_iteration_in_several_threads(world, interval, ticks, waiters):
    def scenario():
        timer = world.subject.PeriodicTimer(interval)

        def waiter():
            got = []
            for k in timer:
                got.append(k)
                if len(got) == ticks:
                    timer.stop()
            assert consecutive(got)
            assert not got or got[-1] == timer.ticks  # it may have come after the stop

        with timer:
            in_threads(world, *[waiter] * waiters)

    world.run(scenario)


@given(world=example_worlds(), interval=intervals(), waited=st.booleans())
def test_P11_the_timers_thread_is_a_daemon(world, interval, waited):
    def scenario():
        def start():
            alone = set(world.threading.enumerate())
            timer = world.subject.PeriodicTimer(interval)
            with timer:
                if waited:
                    timer.wait_for_tick()
                its_own = set(world.threading.enumerate()) - alone
                assert all(thread.daemon for thread in its_own)

        start()
        in_threads(world, start)  # by another than the main thread, and one that is no daemon

    world.run(scenario)


def test_P11_a_forgotten_timer_does_not_hold_the_interpreter(subject):
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, importlib; sys.path.insert(0, sys.argv[1]);"
            "timer = importlib.import_module(sys.argv[2]).PeriodicTimer(3600); timer.start()",
            str(subject.folder),
            subject.module.__name__,
        ],
        check=True,
        timeout=60,
    )


@pytest.mark.parametrize("way", ["stop", "with", "with and raise"])
@given(world=example_worlds(), interval=intervals(), ticks=counts(), waiters=waiters)
def test_G2_no_thread_is_left(world, way, interval, ticks, waiters):
    def scenario():
        before = set(world.threading.enumerate())
        timer = world.subject.PeriodicTimer(interval)

        def waiter():
            for _ in range(ticks):
                timer.wait_for_tick()

        if way == "stop":
            timer.start()
            in_threads(world, *[waiter] * waiters)
            timer.stop()
        elif way == "with":
            with timer as entered:
                assert entered is timer
                in_threads(world, *[waiter] * waiters)
        else:
            with pytest.raises(ValueError), timer:
                in_threads(world, *[waiter] * waiters)
                raise ValueError("from the block")
        assert set(world.threading.enumerate()) <= before

    world.run(scenario)


@wrong.arguments(interval=wrong.SECONDS)
def test_G3_wrong_arguments(world, name, cases):
    assert wrong.not_refused(world, world.subject.PeriodicTimer, name, cases) == []


@wrong.arguments(timeout=wrong.TIMEOUT_OR_ZERO)
def test_G3_wrong_arguments_of_wait_for_tick(world, name, cases):
    def refused_by(call):
        def once(**wrong_one):
            timer = world.subject.PeriodicTimer(HOUR)
            call(timer)
            timer.wait_for_tick(**wrong_one)

        return wrong.not_refused(world, once, name, cases)

    assert refused_by(lambda timer: None) == []
    assert refused_by(lambda timer: timer.stop()) == []


@pytest.mark.reference
def test_G3_the_message_says_whether_zero_would_do(world):
    def scenario():
        with pytest.raises(ValueError, match="interval must be finite and more than zero, not 0"):
            world.subject.PeriodicTimer(0)
        timer = world.subject.PeriodicTimer(HOUR)
        with pytest.raises(ValueError, match="timeout must be finite and zero or more, not -1"):
            timer.wait_for_tick(-1)

    world.run(scenario)


CALLS = {
    "ticks": lambda timer, world: timer.ticks,
    "start": lambda timer, world: timer.start(),
    "stop": lambda timer, world: timer.stop(),
    "look": lambda timer, world: timer.wait_for_tick(timeout=0),
    "wait": lambda timer, world: timer.wait_for_tick(timeout=0.005),
    "iter": lambda timer, world: iter(timer),
    "rest": lambda timer, world: world.time.sleep(0.002),
}
REFUSALS = {"start": RuntimeError, "look": TimeoutError, "wait": TimeoutError}


@given(
    world=example_worlds(),
    interval=intervals(),
    started=st.booleans(),
    programs=st.lists(
        st.lists(st.sampled_from(sorted(CALLS)), min_size=3, max_size=8), min_size=2, max_size=4
    ),
)
def test_G4_any_call_from_any_thread_at_any_time(world, interval, started, programs):
    def scenario():
        timer = world.subject.PeriodicTimer(interval)
        if started:
            timer.start()
        refusals = {"look", "wait"}

        def thread(program):
            def body():
                got = []
                for call in program:
                    try:
                        result = CALLS[call](timer, world)
                    except world.subject.TimerStopped:
                        assert call in refusals
                    except REFUSALS.get(call, ()):
                        pass
                    else:
                        if call in refusals:
                            got.append(result)
                assert consecutive(got)

            return body

        try:
            in_threads(world, *map(thread, programs))
        finally:
            timer.stop()

    world.run(scenario)
