"""The fakes: that they say what they are, and that nothing of them outlasts an execution."""

from importlib import import_module

import pytest

from threadlab.errors import CannotSimulate
from threadlab.simulation import modules
from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import posix as fake_posix
from threadlab.simulation.network import FIRST
from threadlab.simulation.project import Project
from threadlab.simulation.simulation import Simulation

FAKES = sorted(modules.FAKES)


def public(module) -> set[str]:
    return {name for name in vars(module) if not name.startswith("_")}


def made(name):
    """The real module, what the fake says of itself, and the fake."""
    says = import_module(f"{modules.__name__}.{name}")
    return import_module(name), says, modules.make(name, Kernel())


@pytest.mark.parametrize("name", FAKES)
def test_each_public_name_is_implemented_taken_or_refused(name):
    real, says, fake = made(name)
    assert public(real) - public(fake) <= set(says.REFUSED)
    assert not [n for n in says.REFUSED if getattr(fake, n, 0) is getattr(real, n, 1)]


@pytest.mark.parametrize("name", FAKES)
def test_what_is_taken_is_that_of_the_real_module_and_all_else_is_not(name):
    real, says, fake = made(name)
    common = {
        n for n in {*public(fake), *getattr(says, "TAKEN", ())} if callable(getattr(real, n, None))
    }
    same = {n for n in common if getattr(fake, n) is getattr(real, n)}
    if hasattr(says, "IMPLEMENTED"):
        refused = [n for n in common if n.startswith(tuple(BEGINNINGS)) and n not in HARMLESS]
        taken = common - {*says.IMPLEMENTED, *(refused if name == "posix" else ())}
    else:
        taken = common & {*says.TAKEN}
    assert same - {"error"} == taken - {"error"}


BEGINNINGS = [beginning for why in fake_posix.LEAVING.values() for beginning in why]
HARMLESS = fake_posix.HARMLESS


@pytest.mark.parametrize(
    "name", ["fork", "execv", "kill", "system", "waitpid", "posix_spawn", "_exit", "mkfifo"]
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
