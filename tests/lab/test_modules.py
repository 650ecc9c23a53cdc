"""The fakes: that they say what they are, and that nothing of them outlasts an execution."""

import _thread
import socket
import time

import pytest

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import _thread as fake_thread
from threadlab.simulation.modules import socket as fake_socket
from threadlab.simulation.modules import time as fake_time
from threadlab.simulation.project import Project
from threadlab.simulation.simulation import Simulation

FAKES = {"_thread": (_thread, fake_thread), "time": (time, fake_time)}


def public(module) -> set[str]:
    return {name for name in vars(module) if not name.startswith("_")}


@pytest.mark.parametrize("name", FAKES)
def test_each_public_name_is_implemented_taken_or_refused(name):
    real, fake = FAKES[name]
    made = fake.make(Kernel())
    assert public(real) - public(made) == set(fake.REFUSED) & public(real)
    assert not public(made) & set(fake.REFUSED)


@pytest.mark.parametrize("name", FAKES)
def test_what_is_taken_is_that_of_the_real_module_and_all_else_is_not(name):
    real, fake = FAKES[name]
    made = fake.make(Kernel())
    common = [n for n in vars(made) if not n.startswith("__") and callable(getattr(made, n))]
    same = {n for n in common if getattr(made, n) is getattr(real, n, None)}
    assert same - {"error"} == {n for n in fake.TAKEN if callable(getattr(real, n))}


def test_of_socket_all_that_is_not_there_is_refused():
    made = fake_socket.make(Kernel())
    assert public(made) == {*fake_socket.TAKEN, *fake_socket.IMPLEMENTED}
    assert public(made) <= {*public(socket), *dir(socket)}
    with pytest.raises(AttributeError, match=r"cannot be simulated: socket\.create_connection"):
        made.create_connection  # noqa: B018


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
    assert [simulation.execute(scenario) for _ in range(2)] == [(3, 5, 3), (3, 5, 3)]
