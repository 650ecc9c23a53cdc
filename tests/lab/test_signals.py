"""Signals that a program sends to itself, in the simulated world."""

import re
import signal

import pytest

from tests.lab.simulating import simulate, simulation
from threadlab.errors import CannotSimulate

START = """
import _thread
import asyncio
import os
import signal
import threading
import time

SOME = signal.SIGUSR1
got = []

class Interrupt(Exception):
    pass

def note(number, frame):
    got.append((number, frame.f_code.co_name, threading.current_thread().name))

def interrupt(number, frame):
    raise Interrupt

def in_thread(function, *args):
    thread = threading.Thread(target=function, args=args)
    thread.start()
    return thread
"""


def signals(folder, text):
    return simulate(folder, START + text)


SENDERS = [
    "signal.raise_signal(SOME)",
    "os.kill(os.getpid(), SOME)",
    "_thread.interrupt_main(SOME)",
]


@pytest.mark.parametrize("send", SENDERS)
def test_a_handler_runs_at_once_in_the_main_thread(tmp_path, send):
    got = signals(
        tmp_path,
        f"""
def scenario():
    signal.signal(SOME, note)
    {send}
    return got[:]
""",
    )
    assert got == [(10, "scenario", "MainThread")]


@pytest.mark.parametrize("send", SENDERS)
def test_a_handler_runs_in_the_main_thread_whoever_sends(tmp_path, send):
    got = signals(
        tmp_path,
        f"""
def scenario():
    signal.signal(SOME, note)
    def send():
        {send}
    thread = in_thread(send)
    while thread.is_alive():
        pass
    return [(number, thread) for number, _function, thread in got]
""",
    )
    assert got == [(10, "MainThread")]


def test_a_handler_runs_while_the_main_thread_waits_and_it_goes_on_waiting(tmp_path):
    got = signals(
        tmp_path,
        """
def scenario():
    signal.signal(SOME, lambda *args: got.append(time.monotonic()))
    lock = threading.Lock()
    lock.acquire()
    def other():
        time.sleep(1)
        signal.raise_signal(SOME)
        time.sleep(1)
        lock.release()
    thread = in_thread(other)
    lock.acquire()
    got.append(time.monotonic())
    thread.join()
    in_thread(signal.raise_signal, SOME)
    time.sleep(3)
    return [*got, time.monotonic()]
""",
    )
    assert got == [1, 2, 2, 5]


@pytest.mark.parametrize(
    "wait",
    [
        "lock.acquire()",
        "time.sleep(9)",
        "event.wait()",
        "threading.Condition(lock).wait_for(lambda: False)",
        "queue.get()",
        "thread.join()",
        "os.read(os.pipe()[0], 1)",
    ],
)
def test_what_a_handler_raises_comes_out_where_the_main_thread_waits(tmp_path, wait):
    made = signals(
        tmp_path,
        f"""
from queue import Queue
def scenario():
    signal.signal(SOME, interrupt)
    lock, event, queue = threading.Lock(), threading.Event(), Queue()
    lock.acquire()
    def other():
        time.sleep(1)
        os.kill(os.getpid(), SOME)
        event.wait()
    thread = in_thread(other)
    try:
        {wait}
    except Interrupt:
        ended = time.monotonic()
    event.set()
    thread.join()
    # Nothing is left of the wait: others find what it was for as it is.
    lock.release()
    in_thread(lock.acquire).join()
    in_thread(queue.put, 1).join()
    return ended, queue.get()
""",
    )
    assert made == (1, 1)


def test_a_handler_puts_into_the_queue_that_the_main_thread_waits_for(tmp_path):
    made = signals(
        tmp_path,
        """
from queue import SimpleQueue
def scenario():
    queue = SimpleQueue()
    signal.signal(SOME, lambda *args: queue.put("handled"))
    thread = in_thread(lambda: (time.sleep(1), signal.raise_signal(SOME)))
    item = queue.get()
    thread.join()
    return item, time.monotonic()
""",
    )
    assert made == ("handled", 1)


def test_who_is_woken_and_interrupted_passes_a_lock_on(tmp_path):
    assert signals(
        tmp_path,
        """
def scenario():
    signal.signal(SOME, interrupt)
    lock = threading.Lock()
    lock.acquire()
    def other():
        time.sleep(1)
        lock.release()  # the main thread is woken,
        signal.raise_signal(SOME)  # and does not take it
    thread = in_thread(other)
    third = []
    def later():
        third.append(in_thread(lock.acquire))
    in_thread(lambda: (time.sleep(0.5), later()))
    try:
        lock.acquire()
    except Interrupt:
        pass
    thread.join()
    third[0].join()
    return lock.locked()
""",
    )


def test_ctrl_c_of_its_own_is_an_error_of_the_program(tmp_path):
    text = START + "\ndef scenario():\n    signal.raise_signal(signal.SIGINT)\n    time.sleep(1)\n"
    world, scenario = simulation(tmp_path, text)
    with pytest.raises(KeyboardInterrupt) as caught:
        world.execute(scenario)
    assert type(caught.value) is KeyboardInterrupt


@pytest.mark.parametrize(
    ("arm", "then"),
    [
        ("signal.alarm(3)", "[3.0, 10.0]"),
        ("signal.setitimer(signal.ITIMER_REAL, 0.5)", "[0.5, 10.0]"),
        ("signal.setitimer(signal.ITIMER_REAL, 1, 4)", "[1.0, 5.0, 9.0, 10.0]"),
        ("signal.alarm(3), signal.alarm(0)", "[10.0]"),
        ("signal.alarm(3), time.sleep(1), signal.alarm(5)", "[6.0, 11.0]"),
    ],
)
def test_timers_are_those_of_the_virtual_clock(tmp_path, arm, then):
    made = signals(
        tmp_path,
        f"""
def scenario():
    signal.signal(signal.SIGALRM, lambda *args: got.append(time.monotonic()))
    {arm}
    time.sleep(10)
    signal.alarm(0)
    return repr([*got, time.monotonic()])
""",
    )
    assert made == then


def test_a_timer_says_what_is_left_of_it(tmp_path):
    made = signals(
        tmp_path,
        """
def scenario():
    signal.signal(signal.SIGALRM, note)
    signal.setitimer(signal.ITIMER_REAL, 4, 2)
    time.sleep(1.5)
    return signal.getitimer(signal.ITIMER_REAL), signal.alarm(7), signal.alarm(0), signal.alarm(0)
""",
    )
    assert made == ((2.5, 2.0), 3, 7, 0)


def test_handlers_are_those_of_a_new_interpreter_in_each_execution(tmp_path):
    made = signals(
        tmp_path,
        """
signal.signal(signal.SIGUSR2, note)
def scenario():
    before = [
        signal.getsignal(signal.SIGINT) is signal.default_int_handler,
        signal.getsignal(signal.SIGUSR2) is note,
        [signal.getsignal(one).name for one in (signal.SIGTERM, signal.SIGPIPE)],
    ]
    assert signal.signal(signal.SIGTERM, note) is signal.SIG_DFL
    assert signal.signal(signal.SIGTERM, signal.SIG_IGN) is note
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    for ignored in signal.SIGTERM, signal.SIGINT, signal.SIGUSR2, signal.SIGCHLD:
        signal.raise_signal(ignored)
    _thread.interrupt_main()
    return before
""",
    )
    assert made == [True, True, ["SIG_DFL", "SIG_IGN"]]


def test_handlers_are_set_in_the_main_thread_and_for_signals_that_there_are(tmp_path):
    made = signals(
        tmp_path,
        """
def error_of(function, *args):
    try:
        function(*args)
    except Exception as error:
        return type(error).__name__
def scenario():
    kinds = []
    in_thread(lambda: kinds.append(error_of(signal.signal, SOME, note))).join()
    in_thread(lambda: kinds.append(error_of(signal.set_wakeup_fd, -1))).join()
    for number, handler in (0, note), (65, note), (SOME, None), (signal.SIGKILL, note):
        kinds.append(error_of(signal.signal, number, handler))
    kinds.append(error_of(signal.pthread_kill, 99, SOME))
    kinds.append(error_of(signal.setitimer, signal.ITIMER_REAL, -1))
    kinds.append(error_of(signal.pthread_sigmask, 99, []))
    return kinds
""",
    )
    errors = ["ValueError"] * 4 + ["TypeError", "OSError", "ProcessLookupError"]
    assert made == [*errors, signal.ItimerError.__name__, "OSError"]


def test_what_is_blocked_is_pending_until_it_is_not(tmp_path):
    made = signals(
        tmp_path,
        """
def scenario():
    signal.signal(SOME, note)
    signal.pthread_sigmask(signal.SIG_BLOCK, [SOME])
    signal.raise_signal(SOME)
    in_thread(signal.raise_signal, SOME).join()  # whose mask is that of who starts it
    before = len(got), signal.sigpending() == {SOME}
    assert signal.pthread_sigmask(signal.SIG_UNBLOCK, [SOME]) == {SOME}
    return before, len(got), signal.sigpending()
""",
    )
    assert made == ((0, True), 1, set())


def test_a_thread_waits_for_signals_that_are_blocked(tmp_path):
    made = signals(
        tmp_path,
        """
def scenario():
    signal.pthread_sigmask(signal.SIG_BLOCK, [SOME, signal.SIGUSR2])
    thread = in_thread(lambda: got.append((signal.sigwait([SOME]), time.monotonic())))
    time.sleep(1)
    signal.raise_signal(signal.SIGUSR2)
    time.sleep(1)
    signal.raise_signal(SOME)
    thread.join()
    return [(int(number), when) for number, when in got]
""",
    )
    assert made == [(10, 2)]


def test_asyncio_handles_signals_by_a_descriptor(tmp_path):
    made = signals(
        tmp_path,
        """
async def main():
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(SOME, stopped.set)
    thread = in_thread(lambda: (time.sleep(2), os.kill(os.getpid(), SOME)))
    await stopped.wait()
    thread.join()
    return round(loop.time())
def scenario():
    return asyncio.run(main())
""",
    )
    assert made == 2


def test_asyncio_ends_what_is_interrupted(tmp_path):
    made = signals(
        tmp_path,
        """
async def main():
    thread = in_thread(lambda: (time.sleep(2), _thread.interrupt_main()))
    try:
        await asyncio.sleep(9)
    except asyncio.CancelledError:
        got.append("cancelled")
        thread.join()
        raise
def scenario():
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        return got[:], round(time.monotonic())
""",
    )
    assert made == (["cancelled"], 2)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ("signal.raise_signal(signal.SIGTERM)", "signal 15 (Terminated) cannot be simulated"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "signal 9 (Killed) cannot be simulated"),
        ("os.kill(1, 0)", "os.kill cannot be simulated: it is about another process"),
        ("signal.sigtimedwait([SOME], 1)", "signal.sigtimedwait cannot be simulated"),
        ("signal.setitimer(signal.ITIMER_PROF, 1)", "signal.setitimer cannot be simulated"),
    ],
)
def test_what_would_leave_the_process_is_refused(tmp_path, call, what):
    text = (
        START
        + f"\ndef scenario():\n    try:\n        {call}\n    except BaseException:\n        pass\n"
    )
    world, scenario = simulation(tmp_path, text)
    with pytest.raises(CannotSimulate, match=re.escape(what)):
        world.execute(scenario)
