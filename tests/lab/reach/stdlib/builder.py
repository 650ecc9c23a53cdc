"""graphlib orders what a pool builds.

Racy: what is ready is asked for by the workers themselves.
"""

import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter

PARTS = {"car": ["wheels", "body"], "wheels": ["rubber"], "body": []}


def scenario():
    plan, built = TopologicalSorter(PARTS), []
    plan.prepare()
    with ThreadPoolExecutor(2) as pool:
        building = {}
        while plan.is_active():
            building |= {pool.submit(built.append, part): part for part in plan.get_ready()}
            for job in wait(building, return_when=FIRST_COMPLETED).done:
                plan.done(building.pop(job))
    assert sorted(built) == ["body", "car", "rubber", "wheels"]
    assert built[-1] == "car"
    assert built.index("rubber") < built.index("wheels")


def racy():
    plan, built, queue = TopologicalSorter(PARTS), [], []
    plan.prepare()

    def build():
        while plan.is_active():
            queue.extend(plan.get_ready())
            if queue:
                part = queue[0]
                queue.remove(part)
                built.append(part)
                plan.done(part)

    threads = [threading.Thread(target=build) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built[-1] == "car"


if __name__ == "__main__":
    scenario()
