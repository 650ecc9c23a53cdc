"""What the real world does must be among what the simulated world can do.

Random scripts of operations on shared primitives run on real threads, and what each operation
returned is looked for among the simulated executions: under the prompt schedule first, then
with more and more delays.
"""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadlab.schedule import Schedule
from threadlab.worlds.real import RealWorld
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject

SCRIPT = """
import queue
import threading

OPERATIONS = {
    "acquire": lambda s: s.lock.acquire(False),
    "acquire in time": lambda s: s.lock.acquire(timeout=0.001),
    "release": lambda s: s.release(),
    "set": lambda s: s.event.set(),
    "clear": lambda s: s.event.clear(),
    "is set": lambda s: s.event.is_set(),
    "wait": lambda s: s.event.wait(0.001),
    "up": lambda s: s.semaphore.release(),
    "down": lambda s: s.semaphore.acquire(False),
    "down in time": lambda s: s.semaphore.acquire(timeout=0.001),
    "put": lambda s: s.put(),
    "get": lambda s: s.get(),
    "notify": lambda s: s.notify(),
    "await": lambda s: s.wait(),
}

class Shared:
    def __init__(self):
        self.lock = threading.Lock()
        self.event = threading.Event()
        self.semaphore = threading.Semaphore(1)
        self.queue = queue.Queue(1)
        self.condition = threading.Condition()

    def release(self):
        try:
            self.lock.release()
        except RuntimeError:
            return "unlocked"

    def put(self):
        try:
            self.queue.put_nowait(1)
        except queue.Full:
            return "full"

    def get(self):
        try:
            return self.queue.get_nowait()
        except queue.Empty:
            return "empty"

    def notify(self):
        with self.condition:
            self.condition.notify()

    def wait(self):
        with self.condition:
            return self.condition.wait(0.001)

def run(programs):
    shared = Shared()
    results = [[] for _ in programs]

    def thread(program, log):
        for operation in program:
            log.append(OPERATIONS[operation](shared))

    threads = [
        threading.Thread(target=thread, args=arguments)
        for arguments in zip(programs, results)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results
"""

OPERATIONS = [line.split('"')[1] for line in SCRIPT.splitlines() if line.startswith('    "')]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    path = tmp_path_factory.mktemp("script") / "conformance_script.py"
    path.write_text(SCRIPT)
    subject = Subject.load(str(path), ["run"])
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
