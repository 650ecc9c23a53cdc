"""What gets out of the simulated world ends the search, at once, and says where."""

import _thread
import bisect
import os
import socket
import subprocess
import sys
import threading
import time

import pytest

from tests.lab.searching import run
from threadlab import explore
from threadlab.errors import ProgramError
from threadlab.search import watch

SCRIPT = """
import bisect  # which is the process's own, and so has what is real
def scenario():
    try:
        bisect.real()
    except BaseException:
        pass
"""

REAL = {
    "_thread.start": lambda: _thread.start_new_thread(int, ()),
    "os.system": lambda: os.system("exit"),
    "socket.": lambda: socket.socket().close(),
    "subprocess.Popen": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "time.sleep": lambda: time.sleep(0.001),
}


@pytest.fixture
def real(monkeypatch):
    return lambda function: monkeypatch.setattr(bisect, "real", function, raising=False)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(watch, "INTERVAL", 0.05)
    monkeypatch.setattr(watch, "BLOCKED", 0.3)
    monkeypatch.setattr(watch, "SILENT", 1.2)


@pytest.mark.parametrize("event", REAL)
def test_what_python_tells_of_is_refused_whatever_the_program_catches(script, real, event):
    if sys.version_info < {"_thread.start": (3, 12), "time.sleep": (3, 13)}.get(event, ()):
        pytest.skip("this Python does not tell of it")
    real(REAL[event])
    with pytest.raises(ProgramError, match=rf"the real {event}\S* was reached") as caught:
        explore(script(SCRIPT))
    assert "script.py:5 in scenario" in str(caught.value)
    assert "\n" not in str(caught.value)
    REAL[event]()  # and it is let through once there is no execution


def test_what_throws_into_a_thread_is_refused(script):
    throw = "ctypes.pythonapi.PyThreadState_SetAsyncExc(1, ctypes.py_object(SystemExit))"
    with pytest.raises(ProgramError, match="to throw an exception into another thread") as caught:
        explore(script(f"import ctypes\n\ndef scenario():\n    {throw}\n"))
    assert "\n" not in str(caught.value)


def test_so_it_is_while_the_program_is_loaded(script, real):
    real(socket.socket)
    with pytest.raises(ProgramError, match=r"the real socket\S* was reached"):
        explore(script(SCRIPT + "\nscenario()\n"))


def test_a_real_lock_that_blocks_is_noticed(script, real, impatient):
    lock = threading.Lock()
    lock.acquire()
    real(lock.acquire)
    begin = time.monotonic()
    with pytest.raises(ProgramError, match=r"waits outside of the simulated world.*script.py:5"):
        explore(script(SCRIPT))
    assert time.monotonic() - begin < 5
    lock.release()


@pytest.mark.usefixtures("impatient")
def test_to_compute_is_not_to_wait(script, monkeypatch):
    monkeypatch.setattr(watch, "SILENT", 20)
    text = """
    import hashlib
    def scenario():
        hashlib.pbkdf2_hmac("sha256", b"", b"", 1_000_000)  # which lets go of the GIL
    """
    assert explore(script(text), executions=1, strategy="random").executions == 1


@pytest.mark.parametrize("body", ["exec('while True: pass')", "while True: pass"])
@pytest.mark.parametrize("catches", [True, False])
def test_the_seconds_are_those_of_the_whole_search(script, body, catches):
    catching = f"""
    while True:
        try:
            {body}
        except BaseException:
            pass"""
    text = f"def scenario():\n    x = 0\n    {catching if catches else body}"
    begin = time.monotonic()
    result = explore(script(text.replace("while True: pass", "while True: x += 1")), seconds=0.5)
    assert time.monotonic() - begin < 5
    assert (result.found, result.exhausted) == (False, False)
    assert result.cut_off


def test_nor_does_it_take_longer_to_minimise(script):
    text = """
    import threading
    def scenario():
        seen = []
        def work():
            if seen: exec("while True: pass")
            seen.append(1)
            assert len(seen) < 2
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """
    begin = time.monotonic()
    result = explore(script(text), strategy="random", seconds=1)
    assert time.monotonic() - begin < 6
    assert result.found or result.cut_off


def test_a_process_that_was_stopped_has_not_been_silent(script, monkeypatch):
    """Ctrl-Z: the clock goes on, and nobody looks."""
    monkeypatch.setattr(watch, "INTERVAL", 0.05)
    text = "import hashlib\ndef scenario(): hashlib.pbkdf2_hmac('sha256', b'', b'', 500_000)"
    clock, jumps = time.monotonic, iter([0, 0, 100])
    ahead = 0

    def jumping():
        nonlocal ahead
        ahead += next(jumps, 0)
        return clock() + ahead

    monkeypatch.setattr(watch.time, "monotonic", jumping)
    assert explore(script(text), executions=1, strategy="random").executions == 1


@pytest.mark.once
@pytest.mark.usefixtures("impatient")
def test_who_has_no_processor_has_not_been_silent(script, monkeypatch):
    """Beside busy processes of a better niceness."""
    text = "import hashlib\ndef scenario(): hashlib.pbkdf2_hmac('sha256', b'', b'', 4_000_000)"
    monkeypatch.setattr(watch.Watch, "_starved", lambda self: time.monotonic())
    assert explore(script(text), executions=1, strategy="random").executions == 1


@pytest.mark.usefixtures("impatient")
def test_silence_is_an_end_in_any_case(script):
    with pytest.raises(ProgramError, match=r"never ends: 1.2 s without a step; at <string>:1"):
        explore(script("def scenario(): exec('while True: pass')"))


@pytest.mark.usefixtures("impatient")
def test_one_module_after_another_that_loads_is_no_silence(script):
    text = "import hashlib, sys, types\nfor n in range(20):\n"
    text += "    hashlib.pbkdf2_hmac('sha256', b'', b'', 200_000)\n"
    text += "    sys.modules[f'slow_{n}'] = types.ModuleType('slow')\n"
    assert not explore(script(text + "def scenario(): pass")).found


def test_who_cannot_be_ended_is_given_up(script, real, impatient, monkeypatch):
    """In C, or in another thread than the main one, where no signal helps."""
    told, lock = [], threading.Lock()
    lock.acquire()
    real(lock.acquire)

    class Watcher:
        def begin(self, kernel):
            pass

        def show(self, result, phase):
            pass

        def give_up(self, why):
            told.append(why)
            lock.release()

    monkeypatch.setattr(watch, "DEAF", 0.2)
    spec = script(SCRIPT)

    def search():
        with pytest.raises(ProgramError):
            explore(spec, watcher=Watcher())

    thread = threading.Thread(target=search)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert [one.partition(",")[0] for one in told] == ["waits outside of the simulated world"]


def test_the_command_ends_with_status_2(script):
    text = "import ctypes\ndef scenario(): ctypes.CDLL(None).sleep(20)"
    done = run(script(text))
    assert (done.returncode, done.stdout) == (2, "")
    assert "waits outside of the simulated world, where nobody can wake it; at " in done.stderr
    assert done.stderr.count("\n") == 1
