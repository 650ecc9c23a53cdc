"""Which failure of several is the headline, and what is told beneath."""

import re

import pytest

from tests.lab.searching import main
from threadlab.search.explore import explore

pytestmark = pytest.mark.once

FAILS = """
    import threading

    def scenario():
        bought, done = [], threading.Event()

        def buy():
            raise LookupError("sold out")

        threading.Thread(target=buy).start()
        {then}
"""


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ("done.wait()", r"then all threads wait.*\n *MainThread waits for "),
        ("assert bought", r"then in MainThread: AssertionError, at .*script\.py:11\n"),
        (
            "threading.Thread(target=bought.pop).start(); done.wait()",
            r"then in Thread-2 \(pop\): IndexError: pop from empty list\n *then all threads wait",
        ),
    ],
)
def test_what_failed_first_is_the_headline_and_what_came_of_it_beneath(script, capsys, then, told):
    spec = script(FAILS.format(then=then))
    result = explore(spec, strategy="bounded", bound=0)
    assert result.failure.kind == "exception"
    assert result.failure.thread == "Thread-1 (buy)"
    assert result.failure.message == "LookupError: sold out"
    assert result.failure.location.endswith("script.py:8")
    _, out, _ = main(capsys, spec, "--bound", "0", "--strategy", "bounded")
    assert re.search(told, out)


def test_main_that_fails_before_a_thread_does_is_the_headline(script):
    spec = script("""
        import threading

        def scenario():
            go = threading.Event()

            def buy():
                go.wait()
                raise LookupError

            threading.Thread(target=buy, daemon=True).start()
            try:
                raise ValueError("first")
            finally:
                go.set()
    """)
    assert explore(spec, strategy="bounded", bound=0).failure.message == "ValueError: first"


def test_both_failures_are_in_the_table(script, capsys):
    _, out, _ = main(capsys, script(FAILS.format(then="assert bought")), "--replay", "-")
    assert re.search(r"!  \|.*raise LookupError", out)
    assert re.search(r"! +assert bought   bought is .*; AssertionError", out)


TWICE = """
    import threading

    def scenario():
        worker = threading.Thread(target=print)
        worker.start()
        starter = threading.Thread(target=worker.start)
        starter.start()
        starter.join()
        worker.join()
"""


@pytest.mark.parametrize("options", [(), ("--verbose",)])
@pytest.mark.parametrize(
    "text", [TWICE, *(FAILS.format(then=then) for then in ("done.wait()", "assert bought"))]
)
def test_no_frame_of_the_laboratory_is_shown(script, capsys, text, options):
    status, out, _ = main(capsys, script(text), *options)
    assert status == 1
    assert not re.search(r"threadlab[/.](?!py)\w+|__\w+__", out.replace("threadlab explore", ""))
