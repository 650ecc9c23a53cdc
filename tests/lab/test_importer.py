"""What is loaded into the simulated world, and what is refused."""

from tests.lab.specs import PROGRAMS
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject


def simulated(folder, text, *names):
    path = folder / f"subject_in_{folder.name.replace('-', '_')}.py"
    path.write_text(text)
    return SimulatedWorld(Subject.load(str(path), names))


def test_a_package_is_loaded_with_its_siblings(tmp_path):
    package = tmp_path / "sim_package"
    package.mkdir()
    (package / "__init__.py").write_text("from .parts import Thing\nfrom . import other")
    (package / "parts.py").write_text("import threading\nclass Thing:\n    lock = threading.Lock")
    (package / "other.py").write_text("from sim_package.parts import Thing as Same")
    world = SimulatedWorld(Subject.load(str(package), ["Thing"]))
    assert world.subject.Thing.lock is world.threading.Lock
    assert world.subject.other.Same is world.subject.Thing


def test_futures_queues_and_schedulers():
    world = SimulatedWorld(Subject.load(str(PROGRAMS / "in_time.py"), ["work"]))
    assert world.execute(world.subject.work) == ["sooner", 1, "later", 2, 1]
