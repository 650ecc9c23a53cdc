"""What is seen of an execution is what happens, and to look changes nothing."""

import pytest

from tests.lab.reported import loaded, notes
from tests.lab.specs import CONSTRUCTS, construct, program
from threadlab import explore
from threadlab.errors import Failure, headline
from threadlab.program import quiet
from threadlab.reports.observer import observe
from threadlab.schedule import Schedule

# What is waited for

WAITING = """
import queue, socket, threading, time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait

class Door:
    def __init__(self):
        self.lock = threading.RLock()
        self.opened = threading.Condition()

    def enter(self):
        with self.lock:
            time.sleep(1)

    def wait(self):
        with self.opened:
            self.opened.wait()

def start(function):
    thread = threading.Thread(target=function, name=function.__name__)
    thread.start()
    return thread

def scenario():
    door, lock, locks = Door(), threading.Lock(), [threading.Lock()]
    event, semaphore, barrier = threading.Event(), threading.Semaphore(0), threading.Barrier(2)
    future, simple, jobs = Future(), queue.SimpleQueue(), queue.Queue(1)
    one, other = socket.socketpair()
    condition, opened = threading.Condition(lock), door.opened

    def nap():
        time.sleep(2)

    def work():
        {work}

    {before}
    thread = start(work)
    time.sleep(1)
    {main}
    thread.join()
"""


WAITS = {
    # What the thread does: what the main thread does before, and a second later, and what is told.
    "lock.acquire()": ("lock.acquire()", "lock.release()", "lock, held by MainThread"),
    "lock.acquire(timeout=3)": ("lock.acquire()", "", "lock, held by MainThread, until 3 s"),
    "locks[0].acquire()": (
        "locks[0].acquire()",
        "locks[0].release()",
        "locks[0], held by MainThread",
    ),
    "door.enter()": ("start(door.enter)", "", "lock, held by enter"),
    "door.wait()": ("", "with door.opened: door.opened.notify()", "a notify of opened"),
    "with door.opened: 1": ("opened.acquire()", "opened.release()", "opened, held by MainThread"),
    "door.wait(); back": (
        "back = 1",
        "with opened: opened.notify(); time.sleep(1)",
        "opened, held by MainThread",
    ),
    "with condition: condition.wait(3)": ("", "", "a notify of condition, until 3 s"),
    "with opened: opened.wait_for(lambda: 0, 2)": ("", "", "a notify of opened, until 2 s"),
    "event.wait()": ("", "event.set()", "event to be set"),
    "semaphore.acquire()": ("", "semaphore.release()", "a release of semaphore"),
    "with semaphore: pass": ("", "semaphore.release()", "a release of semaphore"),
    "barrier.wait()": ("", "barrier.wait()", "the others at barrier"),
    "jobs.get(timeout=7)": ("", "jobs.put(1)", "an item in jobs, until 7 s"),
    "jobs.put(1)": ("jobs.put(0)", "jobs.get()", "room in jobs"),
    "jobs.join()": ("jobs.put(0)", "jobs.task_done()", "all of jobs to be done"),
    "simple.get()": ("", "simple.put(1)", "an item in simple"),
    "future.result()": ("", "future.set_result(1)", "the result of future"),
    "wait([future])": ("", "future.set_result(1)", "futures to be done"),
    "list(as_completed([future]))": ("", "future.set_result(1)", "futures to be done"),
    "with ThreadPoolExecutor() as pool: pool.submit(time.sleep, 1)": (
        "",
        "",
        "the work of pool to be done",
    ),
    "naps.join()": ("naps = start(nap)", "", "the end of nap"),
    "naps.join(1.5)": ("naps = start(nap)", "", "the end of nap, until 1.5 s"),
    "timer.join()": ("timer = threading.Timer(2, print); timer.start()", "", "the end of Thread-1"),
    "time.sleep(2)": ("", "", "2 s to pass"),
    "one.recv(1)": ("", "other.send(b'1')", "data"),
    "one.sendall(bytes(100_000))": ("", "other.recv(100_000)", "room to send"),
}


def waiting(script, work, before, main):
    filled = WAITING.format(work=work, before=before or "pass", main=main or "pass")
    return observe(*loaded(script(filled)))


@pytest.mark.parametrize("work", WAITS)
def test_what_is_waited_for_is_called_as_the_code_calls_it(script, work):
    before, main, told = WAITS[work]
    timeline = waiting(script, work, before, main)
    assert f"waits for {told}" in notes(timeline, "work")
    assert max(event.time for event in timeline.events) >= 1


def test_a_timer_waits_for_its_time(script):
    timer = "t = threading.Timer(2, print); t.start()"
    timeline = waiting(script, "pass", timer, "t.cancel(); t.join()")
    assert "waits for its time to come, until 2 s" in notes(timeline, "Thread-1")


# Observing changes nothing


def outcome(simulation, scenario, token):
    """How an execution ends that nobody looks at."""
    try:
        simulation.execute(scenario, token)
    except BaseException as error:
        told = [headline(error)]
        if isinstance(error, Failure):
            told = [error.kind] * len(error.tasks)
    else:
        told = []
    return told, state(simulation.kernel)


def state(kernel):
    return kernel.steps, kernel.now, kernel.culprit, kernel.taken


def assert_same(simulation, scenario, token):
    """It ends in the same way, and says so, if it is looked at; returns what was seen of it."""
    with quiet(simulation.kernel):
        # What the recorder knows of a class it has asked that class; so not at the first time.
        simulation.execute(lambda: None)
        told, after = outcome(simulation, scenario, token)
    timeline = observe(simulation, scenario, token)
    assert state(simulation.kernel) == after
    fails = [event.what for event in timeline.events if event.kind == "fail"]
    assert fails.count(told[0]) >= len(told) if told else not fails
    return timeline


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_what_is_observed_is_what_happens(name):
    for sound in (False, True):
        simulation, scenario, _ = loaded(construct(name, sound=sound))
        for token in ["-"] if sound else ["10.1,12.1", "6.1,11+1.1"]:
            assert_same(simulation, scenario, Schedule.parse(token))


@pytest.mark.parametrize("token", ["-", "40.1", "90.1,100.1", "70.1,120.1,200.1"])
def test_no_code_is_run_and_nothing_kept_to_look_at_it(token):
    simulation, scenario, token = loaded(program("hostile"), token)
    outcome(simulation, scenario, token)  # the recorder asks classes, once
    timeline = assert_same(simulation, scenario, token)
    last = timeline.events[-1].what
    assert last.startswith("AssertionError: (")
    assert "'gone'" in last
    assert not any("AssertionError" in event.what for event in timeline.events[:-1])


def test_what_dies_does_so_before_the_next_step(script):
    spec = script(
        """
        class Fleeting:
            def __del__(self):
                self.value = 2

        def scenario():
            Fleeting().value = 1
            return 3
        """
    )
    timeline = observe(*loaded(spec))
    steps = [(e.step, timeline.text(e.place)) for e in timeline.events if e.kind == "step"]
    lines = ["Fleeting().value = 1", "self.value = 2", "return 3"]
    assert steps == list(enumerate(lines, start=1))


def test_what_an_error_says_is_asked_for_at_the_end_only():
    timeline = observe(*loaded(program("odd_error")))
    fail, *rest = [event for event in timeline.events if event.kind == "fail"]
    assert fail.what.endswith("Odd: odd")
    assert not rest


LOCALS = """
def scenario():
    seen, wanted, most, unseen = [1], 2, 3, scenario
    assert (
        len(seen) == wanted < most and unseen
    )
"""


def test_what_fails_says_what_the_local_variables_of_its_line_are(script):
    *_, fails = observe(*loaded(script(LOCALS))).events
    assert (fails.kind, fails.value) == ("fail", "seen is [1], wanted is 2, most is 3")


@pytest.mark.parametrize("asked", ["__getattr__", "__class__", "__dict__"])
def test_what_it_is_asked_about_is_not_called_by_us(script, asked):
    """A class has an object that computes its attributes; a proxy says what it is by code."""
    method = "property(called)" if asked.startswith(("__cl", "__di")) else "called"
    text = f"""
    def called(self, *of):
        calls.append(of)
        raise AttributeError
    calls = []
    class Proxy:
        n = 0
        {asked} = {method}
    class Shop:
        current = Proxy()
    def scenario():
        shop = Shop()
        shop.current
        proxy = Proxy()
        proxy.n = 1
        proxy.n
        assert not calls, calls
    """
    assert not explore(script(text), executions=1).found
