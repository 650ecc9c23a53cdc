"""Where there is a step, and that any code can be given steps."""

import threading
from pathlib import Path

import pytest

from threadlab.simulation.instrument import steps
from threadlab.simulation.instrument.sites import PASS_ON, STEP


def steps_of(code, call):
    """The lines before which there is a step while ``call`` is evaluated."""
    passed, sites = [], []

    def pass_on(value, site):
        passed.append(site)
        return value

    names = {STEP: passed.append, PASS_ON: pass_on}
    exec(steps.compile_with_steps(code, "code.py", sites), names)
    eval(call, names)
    return [sites[site].line for site in passed]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("def f(x):\n  a = 1\n  return a", [2, 3]),
        ("def f(x):\n  'doc'\n  x.n = 1", [3]),
        ("def f(x):\n  x.n += 1", [2, 2]),
        ("def f(x):\n  x.n = x.n + x.n", [2, 2, 2]),
        ("def f(x):\n  return x.n + x.n", [2, 2]),
        ("def f(x):\n  while x.n < 2:\n    x.n = 2", [2, 3, 2]),
        ("n = 0\ndef f(x):\n  global n\n  n += 1", [4, 4]),
        ("def f(x):\n  n = 0\n  def g():\n    nonlocal n\n    n += 1\n  g()", [2, 6, 5, 5]),
        ("y = [1]\ndef f(x):\n  return y.pop() if y else 0", [3, 3]),
        ("y = {1: 2}\ndef f(x):\n  return 1 in y and y[1]", [3, 3]),
        ("y = []\ndef f(x):\n  return not y and len(y)", [3, 3]),
        ("y = [1]\ndef f(x):\n  while y and y.pop(): pass", [3, 3, 3]),
        ("def f(x):\n  y = [1]\n  return y[0] if y else 0", [2, 3]),
        ("def f(x):\n  return [i for i in [x.n]]", [2]),
        ("def f(x):\n  y = []\n  y.append(x.n)", [2, 3, 3]),
        ("def f(x):\n  y = [1]\n  y.append(y.pop())", [2, 3, 3]),
        ("def f(x):\n  y = [1, 2]\n  return y.pop() + y.pop()", [2, 3, 3]),
        ("def f(x):\n  setattr(x, 'n', x.n)", [2, 2]),
        ("def f(x):\n  y = []\n  y.append(1)\n  y.append(len(y))", [2, 3, 4, 4]),
        ("def f(x):\n  try:\n    x.n()\n  except TypeError:\n    pass", [3]),
        (
            "def f(x):\n  a = b = __import__('contextlib').nullcontext()\n  with a, b: pass",
            [2, 3, 3],
        ),
        ("n = 0\ndef f(x):\n  global n\n  return (n := n + 1)", [4, 4]),
        ("def f(x):\n  for n in 1, 2:\n    (lambda: n)()", [2, 3, 3, 3, 3]),
        ("def f(x):\n  g = lambda: x\n  x = 1\n  g()", [2, 3, 4, 2]),
        ("class C:\n  y = 1\n  def m(self):\n    return self.y\ndef f(x):\n  C().m()", [6, 4]),
        ("def f(x):\n  y = [1, 2]\n  for _ in y:\n    pass", [2, 3, 3, 3]),
        (
            "def f(x):\n  y = [1, 2]\n  for _ in y:\n    try: pass\n    except OSError: continue",
            [2, 3, 3, 3],
        ),
        ("def f(x):\n  for _ in range(2): pass\n  for _ in 1, 2: pass", [2, 3]),
        ("def f(x):\n  y = {1: 2, 3: 4}\n  return {k: v for k, v in y.items()}", [2, 3, 3, 3]),
        ("def f(x):\n  y = [1, 2]\n  return sum(i for i in y if i)", [2, 3, 3, 3]),
        ("def f(x):\n  y = [1, 2]\n  return [i for _ in (1, 2) for i in y]", [2, *[3] * 5]),
        ("def f(x):\n  return [i for i in list(range(2))], [i for i in (1, 2)]", [2]),
    ],
)
def test_steps(code, lines):
    x = "__import__('types').SimpleNamespace(n=0)"
    assert steps_of(code, f"f({x})") == lines


@pytest.mark.parametrize(
    "path", sorted(Path(threading.__file__).parent.glob("*.py"))[::8], ids=lambda p: p.name
)
def test_any_module_compiles_with_steps(path):
    for recording in (False, True):
        steps.compile_with_steps(
            path.read_bytes().decode("utf-8"), str(path), [], recording=recording
        )


@pytest.mark.parametrize("code", ["a, *b = x", "for a, *b in x: a", "[b for *b, c in x]"])
def test_starred_targets_compile_with_steps(code):
    steps.compile_with_steps(f"def f(x):\n  {code}", "code.py", [], recording=True)
