"""The exhaustive search sees all that brute force sees, by no more executions than it takes."""

import ast

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from tests.lab import brute_force
from tests.lab.brute_force import TooMany
from tests.lab.random_programs import Loader, programs
from tests.lab.specs import PROGRAMS, construct, names, program
from threadlab.search.explore import explore

SCRIPTS = [
    (file, node.name)
    for file in names("interleavings")
    for node in ast.parse((PROGRAMS / "interleavings" / f"{file}.py").read_text("utf-8")).body
    if isinstance(node, ast.FunctionDef)
]

TWO = """\
import threading


class Cells:
    a = b = 0


def one(s):
    s.a = 1
    s.b = 1


def other(s):
    s.{0} = 2
    s.{1} = 2


def main():
    s = Cells()
    threads = [threading.Thread(target=f, args=(s,)) for f in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return s.a, s.b
"""


@pytest.mark.once
@pytest.mark.parametrize("order", ["ab", "ba"])
def test_two_conflicting_steps_each(tmp_path, order):
    path = tmp_path / "two.py"
    path.write_text(TWO.format(*order), encoding="utf-8")
    two = f"{path}:main"
    result = explore(two, strategy="exhaustive", races="off")
    assert result.exhausted
    assert not result.found
    all_of_them = brute_force.interleavings(*brute_force.load(two))
    traces = len(all_of_them.traces)
    assert traces <= result.executions <= 1.5 * traces
    assert all_of_them.executions >= 20 * traces


def check(simulation, function, limit: int) -> tuple[int, int]:
    """How many executions it takes, and how many traces there are.

    Raises `TooMany` if there are more than ``limit`` interleavings.
    """
    found = brute_force.search(simulation, function, limit // 5)
    expected = brute_force.interleavings(simulation, function, limit)
    for trace, outcomes in expected.traces.items():
        assert len(outcomes) == 1, ("a dependency is not seen", trace)
    assert found.outcomes <= expected.outcomes
    if all(kind in ("returned", "Deadlock") for kind, *_ in expected.outcomes):
        assert found.outcomes == expected.outcomes
        assert found.traces.keys() == expected.traces.keys()
    else:  # it may have ended with threads that could have gone on; a search ends there, too
        assert any(kind != "returned" for kind, *_ in found.outcomes)
    return found.executions, len(expected.traces)


@pytest.mark.once
@pytest.mark.parametrize(("file", "function"), SCRIPTS)
def test_small_scripts_end_as_by_brute_force(file, function):
    loaded = brute_force.load(program(f"interleavings/{file}", function))
    executions, traces = check(*loaded, limit=20_000)
    assert executions <= 2 * traces  # what threads touch first is known by its type alone


@pytest.fixture(scope="module")
def loader(tmp_path_factory):
    return Loader(tmp_path_factory.mktemp("programs"))


@pytest.mark.once
@settings(
    max_examples=4,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(programs())
def test_random_programs_end_as_by_brute_force(loader, source):
    loaded = brute_force.reducing(loader.load(source))
    try:
        check(*loaded, limit=120)
    except TooMany:
        assume(False)


@pytest.mark.parametrize("name", ["nonlocal_", "with_two_locks", "property_"])
def test_exhaustive_proves_what_is_sound(name):
    result = explore(construct(name, sound=True), strategy="exhaustive")
    assert result.exhausted
    assert not result.found


SPINS = """\
import threading


def main():
    box = [0]
    thread = threading.Thread(target=lambda: box.append(box[0]))
    thread.start()
    for _ in range(2000):
        box[0] += 1
    thread.join()
    assert box[-1] != 1999
"""


def test_a_long_execution_is_not_refused_and_nothing_is_proved(tmp_path):
    (tmp_path / "spins.py").write_text(SPINS)
    result = explore(f"{tmp_path / 'spins.py'}:main", strategy="exhaustive", executions=5)
    assert result.executions == 5
    assert not result.exhausted


@pytest.mark.parametrize("way", ["shop.__dict__", "vars(shop)"])
def test_attributes_are_found_in_the_dict_of_their_object(script, way):
    text = f"""
        import threading

        class Shop:
            pass

        def scenario():
            shop, made = Shop(), []

            def make():
                if "stock" not in {way}:
                    shop.stock = 1
                    made.append(1)

            threads = [threading.Thread(target=make) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert made == [1]
    """
    assert explore(script(text), strategy="exhaustive").found
