"""What of the process and of its terminal a program in the simulated world touches."""

import atexit
import faulthandler
import resource
import subprocess
import sys
import textwrap

import pytest

from tests.lab.simulating import simulate, simulation
from threadlab.errors import CannotSimulate


def test_what_is_registered_for_the_end_is_not_for_that_of_the_process(tmp_path):
    before = atexit._ncallbacks()
    made = simulate(
        tmp_path,
        """
        import atexit

        said = []
        atexit.register(said.append, "at import")

        def scenario():
            before = atexit._ncallbacks()
            atexit.register(said.append, "first")
            atexit.register(said.append, "second")
            atexit.register(print, "never")
            registered = atexit._ncallbacks() - before
            atexit.unregister(print)
            atexit._run_exitfuncs()
            return registered, said[:], atexit._ncallbacks()
        """,
    )
    assert made == (3, ["second", "first", "at import"], 0)
    assert atexit._ncallbacks() == before


def test_the_finalizers_of_the_process_are_called_at_its_end(tmp_path):
    text = """
    import weakref

    class Thing:
        pass

    def scenario():
        thing = Thing()
        return weakref.finalize(thing, print).alive
    """
    (tmp_path / "program.py").write_text(textwrap.dedent(text))
    ends = """
    import weakref
    from threadlab.simulation.project import Project
    from threadlab.simulation.simulation import Simulation

    simulation = Simulation(Project(["program"], ["."]))
    simulation.execute(simulation.load("program").scenario)
    thing = Simulation
    weakref.finalize(thing, print, "the end")
    """
    command = [sys.executable, "-c", textwrap.dedent(ends)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.stdout.split("\n")[-2:], done.stderr) == (["the end", ""], "")


def test_a_lock_of_a_file_is_waited_for_on_the_virtual_clock(tmp_path):
    made = simulate(
        tmp_path,
        f"""
        import fcntl, threading, time

        def scenario():
            order = []
            def hold(name, seconds):
                with open({str(tmp_path / "locked")!r}, "w") as file:
                    fcntl.flock(file, fcntl.LOCK_EX)
                    order.append(name)
                    time.sleep(seconds)
                    order.append(name)
            thread = threading.Thread(target=hold, args=("first", 5))
            thread.start()
            time.sleep(1)
            hold("second", 0)
            thread.join()
            return order, round(time.monotonic(), 1)
        """,
    )
    assert made == (["first", "first", "second", "second"], 5.0)


def test_a_lock_of_a_file_that_is_not_to_block_says_that_it_would(tmp_path):
    assert simulate(
        tmp_path,
        f"""
        import fcntl

        def scenario():
            with open({str(tmp_path / "locked")!r}, "w") as one, open(one.name, "w") as other:
                fcntl.flock(one, fcntl.LOCK_EX)
                try:
                    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return True
        """,
    )


def test_the_flags_of_a_simulated_descriptor(tmp_path):
    made = simulate(
        tmp_path,
        """
        import fcntl, os

        def scenario():
            reading, _ = os.pipe()
            flags = fcntl.fcntl(reading, fcntl.F_GETFL)
            fcntl.fcntl(reading, fcntl.F_SETFL, flags | os.O_NONBLOCK)
            try:
                fcntl.fcntl(12345, fcntl.F_GETFL)
            except OSError as error:
                bad = error.errno
            return os.get_blocking(reading), fcntl.fcntl(reading, fcntl.F_GETFD), bad
        """,
    )
    assert made == (False, 1, 9)


def test_ssl_in_memory_is_real_and_a_socket_is_not_wrapped(tmp_path):
    text = """
    import socket, ssl

    def scenario():
        context = ssl.create_default_context()
        assert isinstance(context, ssl.SSLContext)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        secured = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
        try:
            secured.do_handshake()
        except ssl.SSLWantReadError:
            assert outgoing.read()
        one, _ = socket.socketpair()
        context.wrap_socket(one, server_hostname="localhost", do_handshake_on_connect=False)
    """
    world, scenario = simulation(tmp_path, text)
    with pytest.raises(CannotSimulate, match=r"^ssl\.SSLContext\.wrap_socket cannot be simulated"):
        world.execute(scenario)


REFUSED = {
    "subprocess.run(['true'])": "process",
    "subprocess.Popen(['true'], close_fds=False)": "process",
    "os.system('true')": "process",
    "faulthandler.dump_traceback_later(1)": "the process itself",
    "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))": "the limits of the process",
}


@pytest.mark.parametrize("call", REFUSED)
def test_what_is_of_the_process_can_be_imported_and_is_refused_when_it_is_called(tmp_path, call):
    text = f"""
    import faulthandler, os, resource, subprocess

    def scenario():
        try:
            {call}
        except BaseException:
            pass
    """
    world, scenario = simulation(tmp_path, text)
    with pytest.raises(CannotSimulate, match=REFUSED[call]):
        world.execute(scenario)


def test_the_fault_handler_of_the_process_is_left_alone(tmp_path):
    enabled = faulthandler.is_enabled()
    made = simulate(
        tmp_path,
        """
        import faulthandler

        def scenario():
            before = faulthandler.is_enabled()
            faulthandler.enable()
            faulthandler.cancel_dump_traceback_later()
            now = faulthandler.is_enabled()
            return before, now, faulthandler.disable(), faulthandler.is_enabled()
        """,
    )
    assert made == (False, True, True, False)
    assert faulthandler.is_enabled() == enabled


def test_nothing_is_used_up(tmp_path):
    text = """
    import resource

    def scenario():
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime, used.ru_maxrss, resource.getrlimit(resource.RLIMIT_NOFILE)
    """
    assert simulate(tmp_path, text) == (0, 0, resource.getrlimit(resource.RLIMIT_NOFILE))
