"""What the real world does must be among what the simulated world can do.

Random scripts of operations on shared primitives run on real threads, and what each operation
returned is looked for among the simulated executions: under the default schedule first, then
with more and more delays.
"""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.specs import PROGRAMS
from threadlab.schedule import Schedule
from threadlab.worlds.real import RealWorld
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject

SCRIPT = PROGRAMS / "operations.py"
OPERATIONS = re.findall(r'^    "(.*?)": lambda', SCRIPT.read_text("utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def both():
    subject = Subject.load(str(SCRIPT), ["run"])
    return RealWorld(subject), SimulatedWorld(subject)


def simulated_outcomes(world, scenario, most=4):
    """Outcomes by the number of delays, as they are found; many come twice."""
    yield world.execute(scenario)
    steps = range(1, world.kernel.steps + 1)
    for delays in range(1, most + 1):
        for at in itertools.combinations(steps, delays):
            for skips in itertools.product((1, 2), repeat=delays):
                yield world.execute(scenario, Schedule.at_steps(zip(at, skips, strict=True)))


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=3), min_size=2, max_size=2)
)
def test_the_simulated_world_can_do_what_the_real_one_did(both, programs):
    real, simulated = both
    seen = real.run(lambda: real.subject.run(programs))
    outcomes = simulated_outcomes(simulated, lambda: simulated.subject.run(programs))
    assert seen in outcomes
