"""What is loaded into the simulated world, and what is refused."""

import pytest

from tests.lab.specs import PROGRAMS
from threadlab.errors import CannotSimulate
from threadlab.worlds import subjects
from threadlab.worlds.simulated import SimulatedWorld


def simulated(folder, text, *names):
    path = folder / f"subject_in_{folder.name.replace('-', '_')}.py"
    path.write_text(text)
    return SimulatedWorld(subjects.load(str(path), names))


@pytest.mark.parametrize(
    "name", ["asyncio", "multiprocessing", "subprocess", "concurrent.futures.process"]
)
def test_what_cannot_be_simulated_is_refused_in_one_line(tmp_path, name):
    with pytest.raises(CannotSimulate, match=f"^{name} cannot be simulated: [^\n]*$"):
        simulated(tmp_path, f"X = 1\ndef f():\n    import {name}", "X").subject.f()


def test_a_package_is_loaded_with_its_siblings(tmp_path):
    package = tmp_path / "sim_package"
    package.mkdir()
    (package / "__init__.py").write_text("from .parts import Thing\nfrom . import other")
    (package / "parts.py").write_text("import threading\nclass Thing:\n    lock = threading.Lock")
    (package / "other.py").write_text("from sim_package.parts import Thing as Same")
    world = SimulatedWorld(subjects.load(str(package), ["Thing"]))
    assert world.subject.Thing.lock is world.threading.Lock
    assert world.subject.other.Same is world.subject.Thing


def test_futures_queues_and_schedulers():
    world = SimulatedWorld(subjects.load(str(PROGRAMS / "in_time.py"), ["work"]))
    assert world.execute(world.subject.work) == ["sooner", 1, "later", 2, 1]
