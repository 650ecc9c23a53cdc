"""What nobody has any longer is gone, also while races are looked for."""

from contextlib import suppress

import pytest

from threadlab import explore
from threadlab.program import Program

BEGIN = """
import threading
import weakref

class Node:
    def __init__(self): self.value = 0; self.others = []

def scenario():
    dies, known = [], {}
    def make():
        node = Node()
        dies.append(weakref.ref(node))
        return node
"""

WAYS = {
    "a list in a list": "nodes = [[make()], []]; nodes[0][0]; nodes[1].append(1); del nodes[0]",
    "a value of a dict": "known[1] = {2: make()}; known[1][2].value; known.clear()",
    "a variable of a closure": """
    def outer():
        node = make()
        def inner():
            nonlocal node
            node.value += 1
            node = node
        inner()
    outer()""",
    "a variable of a comprehension": """
    node = None
    def other():
        nonlocal node
        node = None
    [node.value for node in [make(), make()]]""",
    "what a loop runs over": """
    nodes = [make(), make()]
    for node in nodes:
        del nodes[0], node
        assert dies[0]() is None
    nodes.clear()""",
    "a thread": """
    class Worker(threading.Thread):
        def run(self): self.node = make()
    worker = Worker()
    worker.start()
    worker.join()
    dies.append(weakref.ref(worker))
    worker = None""",
    "what is changed in place": "make().value += known.setdefault(1, 1)",
    "what a method is called on": "make().others.append(known.setdefault(1, len(known)))",
}


@pytest.mark.parametrize("races", ["report", "off"])
@pytest.mark.parametrize("strategy", ["random", "exhaustive"])
@pytest.mark.parametrize("way", WAYS)
def test_it_dies_as_soon_as_without_us(script, way, strategy, races):
    text = BEGIN + f"    {WAYS[way]}\n    assert any([ref() for ref in dies]), 'gone'\n"
    failure = explore(script(text), strategy=strategy, executions=5, races=races).failure
    assert (failure.kind, failure.message) == ("exception", "AssertionError: gone")


@pytest.mark.parametrize("executed", [1, 2])
def test_what_takes_its_place_in_memory_is_another(script, executed):
    """The second list has the address of the first; what one thread did to one is no race."""
    text = """
    import threading
    def work(lock):
        for _ in range(50):
            cell = [0]
            cell[0] = 1
            del cell
            with lock: pass
    def scenario():
        locks = threading.Lock(), threading.Lock()
        threads = [threading.Thread(target=work, args=(lock,)) for lock in locks]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """
    assert not explore(script(text), executions=200, seed=executed, races="error").found


@pytest.mark.parametrize("end", ["", "raise ValueError"])
def test_what_only_we_have_at_its_end_dies_before_the_next_execution(script, end):
    text = f"""
    class Node:
        def __del__(self):
            self.value = 1
            self.value = 2
    def scenario():
        nodes = [Node()]
        nodes[0]
        {end}
    """
    simulation, scenario = Program.parse(script(text)).load(recording=True)
    steps = []
    for _ in range(3):
        with suppress(ValueError):
            simulation.execute(scenario)
        steps.append(simulation.kernel.steps)
    assert steps == steps[:1] * 3


def test_a_finaliser_may_make_steps_while_several_are_let_go_of(script):
    text = """
    class Node:
        def __del__(self):
            self.value = 1
    def work():
        lists = [[Node()] for _ in range(3)]
        for nodes in lists:
            nodes[0]
        del nodes
        return lists
    def scenario():
        work().clear()
        None
    """
    assert not explore(script(text), executions=5).found
