"""What each thread has its own of, in the simulated world as on real threads."""

import sys

import pytest

from tests.lab.simulating import simulate


def test_what_is_local_and_set_at_the_import_is_of_the_main_thread(tmp_path):
    made = simulate(
        tmp_path,
        """
        import contextvars, decimal, threading

        local = threading.local()
        local.value = "import"
        variable = contextvars.ContextVar("variable", default="default")
        variable.set("import")

        class Initialised(threading.local):
            def __init__(self, value):
                self.value = value, threading.current_thread().name

        initialised = Initialised(5)
        decimal.getcontext().prec = 7

        def look():
            return [
                getattr(local, "value", None),
                variable.get(),
                initialised.value,
                decimal.getcontext().prec,
            ]

        def scenario():
            seen = [look()]
            def other():
                seen.append(look())
                local.value = initialised.value = "other"
                variable.set("other")
            thread = threading.Thread(target=other, name="Other")
            thread.start()
            thread.join()
            seen.append(look())
            local.value = initialised.value = "main"
            variable.set("main")
            seen.append(look())
            return seen
        """,
    )
    main = ["import", "import", (5, "MainThread"), 7]
    assert made == [main, [None, "default", (5, "Other"), 28], main, ["main"] * 3 + [7]]


def test_what_is_local_dies_with_its_thread_and_with_itself(tmp_path):
    made = simulate(
        tmp_path,
        """
        import threading, weakref

        class Thing:
            pass

        def scenario():
            local, alive, things = threading.local(), [], []
            def other():
                thing = local.thing = Thing()
                things.append(weakref.ref(thing))
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
            alive.append(things[0]() is not None)
            local.thing = Thing()
            things = [weakref.ref(local.thing), weakref.ref(local)]
            alive += [one() is not None for one in things]
            del local
            alive += [one() is not None for one in things]
            return alive
        """,
    )
    assert made == [False, True, True, False, False]


def test_a_trace_function_is_that_of_the_thread_that_sets_it(tmp_path):
    before = sys.gettrace(), sys.getprofile()
    made = simulate(
        tmp_path,
        """
        import sys, threading, time

        seen = []

        def record(frame, event, arg):
            if event == "call":
                name = frame.f_code.co_filename.rpartition("/")[2], frame.f_code.co_name
                seen.append((threading.current_thread().name, *name))

        def called():
            time.sleep(1)

        def work():
            sys.settrace(record)
            called()
            assert sys.gettrace() is record
            sys.settrace(None)
            called()

        def scenario():
            seen.clear()
            assert sys.gettrace() is None
            thread = threading.Thread(target=work, name="Traced")
            thread.start()
            time.sleep(0.5)
            assert sys.gettrace() is None
            called()
            thread.join()
            at_end = sys.gettrace()
            sys.settrace(record)  # and the next execution begins without
            return seen[:], at_end
        """,
    )
    assert made == ([("Traced", "program.py", "called")], None)
    assert (sys.gettrace(), sys.getprofile()) == before


@pytest.mark.parametrize("what", ["trace", "profile"])
def test_threading_sets_it_in_each_new_thread(tmp_path, what):
    made = simulate(
        tmp_path,
        f"""
        import threading

        def record(frame, event, arg):
            code = frame.f_code
            if event == "call" and code.co_filename.endswith("program.py"):
                seen.append((threading.current_thread().name, code.co_name))

        seen = []
        threading.set{what}(record)

        def called(other=None):
            if other:
                other.start()
                other.join()

        def scenario():
            seen.clear()
            first = threading.Thread(target=called, name="First")
            second = threading.Thread(target=called, args=(first,), name="Second")
            called(second)
            assert threading.get{what}() is record
            return seen[:]
        """,
    )
    assert made == [("Second", "called"), ("First", "called")]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="it is new in 3.12")
def test_a_trace_function_for_all_threads(tmp_path):
    made = simulate(
        tmp_path,
        """
        import sys, threading, time

        def record(frame, event, arg):
            if event == "call" and frame.f_code is called.__code__:
                seen.append(threading.current_thread().name)

        seen = []

        def called():
            pass

        def other():
            time.sleep(1)
            called()

        def scenario():
            seen.clear()
            thread = threading.Thread(target=other, name="Other")
            thread.start()
            time.sleep(0.5)
            threading.settrace_all_threads(record)
            called()
            thread.join()
            return seen[:]
        """,
    )
    assert made == ["MainThread", "Other"]


def test_frames_of_all_threads_by_their_idents(tmp_path):
    made = simulate(
        tmp_path,
        """
        import sys, threading

        def waits(event):
            event.wait()

        def scenario():
            event = threading.Event()
            thread = threading.Thread(target=waits, args=(event,))
            thread.start()
            frames = sys._current_frames()
            event.set()
            thread.join()
            names = []
            for ident in threading.get_ident(), thread.ident:
                frame = frames.pop(ident)
                while not frame.f_code.co_filename.endswith("program.py"):
                    frame = frame.f_back
                names.append(frame.f_code.co_name)
            return names, frames
        """,
    )
    assert made == (["scenario", "waits"], {})


def test_hooks_of_asynchronous_generators_are_of_the_thread(tmp_path):
    made = simulate(
        tmp_path,
        """
        import asyncio, sys, threading

        async def numbers():
            try:
                yield 1
                yield 2
            finally:
                await asyncio.sleep(0)
                closed.append(threading.current_thread().name)

        closed = []

        async def main(seconds):
            await asyncio.sleep(seconds)
            async for _ in numbers():
                break
            await asyncio.sleep(seconds)

        def scenario():
            closed.clear()
            threads = [
                threading.Thread(target=asyncio.run, args=(main(n),), name=f"Loop {n}")
                for n in (2, 3)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return closed[:], sys.get_asyncgen_hooks() == (None, None)
        """,
    )
    assert made == (["Loop 2", "Loop 3"], True)


def test_what_is_assigned_in_sys_is_the_worlds_and_new_in_each_execution(tmp_path):
    before = {name: getattr(sys, name) for name in dir(sys)}
    limits = sys.getrecursionlimit(), sys.getswitchinterval()
    made = simulate(
        tmp_path,
        """
        import io, sys

        at_import = sys.stdout = io.StringIO()
        sys.excepthook = at_import.write
        sys.told = "import"
        sys.setrecursionlimit(2345)

        def scenario():
            found = [
                sys.stdout is at_import,
                sys.excepthook == at_import.write,
                sys.unraisablehook is not print,
                sys.told,
                hasattr(sys, "tracebacklimit"),
                sys.getrecursionlimit(),
                sys.getswitchinterval(),
            ]
            sys.stdout, sys.excepthook, sys.unraisablehook = io.StringIO(), print, print
            sys.told, sys.tracebacklimit = "scenario", 5
            sys.setrecursionlimit(3456)
            sys.setswitchinterval(0.5)
            return found
        """,
    )
    limit = made.pop(5)  # beside it the frames that lead to the task
    assert 2345 <= limit < 3456
    assert made == [True, True, True, "import", False, limits[1]]
    assert limits == (sys.getrecursionlimit(), sys.getswitchinterval())
    after = {name: getattr(sys, name) for name in dir(sys)}
    assert {name for name in before | after if before.get(name) is not after.get(name)} == set()


def test_an_audit_hook_is_of_its_execution(tmp_path):
    made = simulate(
        tmp_path,
        """
        import sys, threading
        loaded = []
        sys.addaudithook(lambda event, args: loaded.append(event))
        def scenario():
            seen = []
            sys.addaudithook(lambda event, args: seen.append((event, args)))
            thread = threading.Thread(target=lambda: sys.audit("mine", 1, 2))
            thread.start()
            thread.join()
            compile("1", "x", "eval")
            return [one for one in seen if one[0] == "mine"], len(seen) < 20, "compile" in loaded
        """,
    )
    assert made == ([("mine", (1, 2))], True, True)
    sys.audit("mine")  # and nobody is there


def test_the_excepthook_of_threads_is_new_in_each_execution(tmp_path):
    made = simulate(
        tmp_path,
        """
        import sys, threading

        def fails():
            raise ValueError

        def scenario():
            original = threading.excepthook is threading.__excepthook__
            told = []
            threading.excepthook = lambda args: told.append(args.exc_type.__name__)
            for target in fails, sys.exit:
                thread = threading.Thread(target=target)
                thread.start()
                thread.join()
            return original, told
        """,
    )
    # SystemExit, too: only the hook that there is otherwise passes over it.
    assert made == (True, ["ValueError", "SystemExit"])


@pytest.mark.parametrize(
    "made",
    [
        "asyncio.run(of_asyncio())",
        "[one.number for one in _AcquireFutures(futures()).futures]",
        "[one.number for one in set(futures())]",
    ],
)
def test_futures_have_the_order_in_which_they_were_first_put_in_a_set(tmp_path, made):
    """Not that of their addresses, which nobody can replay."""
    numbers = simulate(
        tmp_path,
        f"""
        import asyncio
        from concurrent.futures import Future
        from concurrent.futures._base import _AcquireFutures

        kept = []

        def futures():
            new = [Future() for number in range(40)]
            for number, one in enumerate(reversed(new)):
                one.number = number
                hash(one)
            kept.append(new[::3])  # so that the next ones lie elsewhere
            return new

        async def of_asyncio():
            made = [asyncio.ensure_future(asyncio.sleep(0, number)) for number in range(40)]
            for one in made:
                hash(one)
            kept.append(made[::3])
            done, pending = await asyncio.wait(made)
            return [one.result() for one in done]

        def scenario():
            return {made}
        """,
    )
    assert numbers == list(range(40))


@pytest.mark.skipif(sys.version_info < (3, 13), reason="threads have no handles before 3.13")
def test_what_a_handle_is_of_starts_once(tmp_path):
    said = simulate(
        tmp_path,
        """
        import _thread

        def scenario():
            handle = _thread._ThreadHandle()
            _thread.start_joinable_thread(int, handle=handle)
            try:
                _thread.start_joinable_thread(int, handle=handle)
            except RuntimeError as error:
                said = str(error)
            handle.join()
            return said
        """,
    )
    assert said == "thread already started"
