"""A listing has a copy of what is known, and what it has found is added when it is done."""

from tests.benchmarks.yardstick.parts import Parts


class Process:
    def __init__(self, pid):
        self.pid = pid


class System:
    def __init__(self):
        self.known = {}

    def list_processes(self):
        known = self.known.copy()
        new = {1} - set(known)
        listing = sorted(list(known.items()) + [(pid, None) for pid in new])
        for pid, process in listing:
            if process is None:
                known[pid] = Process(pid)
        self.known.update(known)


PARTS = Parts(System, [System.list_processes, System.list_processes])


def scenario():
    PARTS.run()
