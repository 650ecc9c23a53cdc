"""A short program in a simulated world."""

import textwrap

from threadlab.schedule import PROMPT
from threadlab.simulation.project import Project
from threadlab.simulation.simulation import Simulation


def simulation(folder, text, *, recording=False):
    """A world in which ``text`` is the module ``program``; and its ``scenario``."""
    (folder / "program.py").write_text(textwrap.dedent(text), "utf-8")
    world = Simulation(Project(["program"], [str(folder)]), recording=recording)
    return world, world.load("program").scenario


def simulate(folder, text, plan=PROMPT):
    """What ``scenario`` of ``text`` returns, which must be the same each time."""
    world, scenario = simulation(folder, text)
    first, second = (world.execute(scenario, plan) for _ in range(2))
    assert first == second
    return first
