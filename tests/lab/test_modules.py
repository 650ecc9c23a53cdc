"""The fakes: that they say what they are, and that nothing of them outlasts an execution."""

import importlib

import pytest

from threadlab.errors import CannotSimulate
from threadlab.simulation import modules
from threadlab.simulation.kernel import Kernel
from threadlab.simulation.network import FIRST
from threadlab.simulation.project import Project
from threadlab.simulation.simulation import Simulation

NAMES = sorted(modules.FAKES)


def real_and_fake(name):
    return importlib.import_module(name), importlib.import_module(f"{modules.__name__}.{name}")


def names(module) -> set[str]:
    """Also of what is private, which the standard library uses."""
    return {name for name in vars(module) if not name.startswith("__")}


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_there(name):
    real, fake = real_and_fake(name)
    assert names(fake.make(Kernel())) == names(real) - {"CAPI"}  # of which only C knows


@pytest.mark.parametrize("name", NAMES)
def test_what_is_taken_is_that_of_the_real_module_and_all_else_is_not(name):
    real, fake = real_and_fake(name)
    made = fake.make(Kernel())
    common = [n for n in vars(made) if not n.startswith("__") and callable(getattr(made, n))]
    same = {n for n in common if getattr(made, n) is getattr(real, n, None)}
    taken = {n for n in getattr(fake, "TAKEN", same) if callable(getattr(real, n, None))}
    assert same - {"error"} == {n for n in taken if not n.startswith("__")} - {"error"}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_refused_is_there_and_refuses_to_be_called(name):
    real, fake = real_and_fake(name)
    made = fake.make(Kernel())
    for refused in set(getattr(fake, "REFUSED", ())) & set(vars(real)) - {"CAPI"}:
        with pytest.raises(CannotSimulate, match=rf"{refused} cannot be simulated: \w"):
            getattr(made, refused)()


@pytest.mark.parametrize(
    "name", ["fork", "execv", "killpg", "system", "posix_spawn", "_exit", "mkfifo"]
)
def test_what_leaves_the_process_is_refused_when_it_is_called(name):
    simulation = Simulation(Project([], []))
    os = simulation.load("os")
    with pytest.raises(CannotSimulate, match=rf"^os\.{name} cannot be simulated: .*$"):
        simulation.execute(getattr(os, name))


def test_a_function_is_no_method_and_is_pickled_by_its_name():
    os = Simulation(Project([], [])).load("os")

    class Closing:
        close = os.close

    assert Closing().close is os.close.__func__
    assert os.close.__reduce__() == "close"


def test_a_socket_of_one_execution_leaves_nothing_to_the_next(tmp_path):
    (tmp_path / "pairs.py").write_text(
        "import socket\n"
        "socket.setdefaulttimeout(3)\n"
        "def scenario():\n"
        "    before = socket.getdefaulttimeout()\n"
        "    socket.setdefaulttimeout(5)\n"
        "    with socket.socketpair()[0] as one:\n"
        "        return before, one.gettimeout(), one.fileno()\n"
    )
    simulation = Simulation(Project(["pairs"], [str(tmp_path)]))
    scenario = simulation.load("pairs").scenario
    # As it was after the import, and not as it was at the end of the execution before.
    assert [simulation.execute(scenario) for _ in range(2)] == [(3, 5, FIRST)] * 2
