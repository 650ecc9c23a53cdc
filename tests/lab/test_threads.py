"""What each thread has its own of, in the simulated world as on real threads."""

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
