"""All processes are listed: those that are known from an earlier listing, and those that are not,
with nothing beside their numbers, sorted. What another listing makes known in between is there
twice, and a process is compared with nothing.

Report: psutil, issue 1991: https://github.com/giampaolo/psutil/issues/1991
Versions: psutil 5.2.2 to October 2021
Kind: check then act
Found: exception TypeError
Token: 9.1,11.1
"""

from tests.benchmarks.yardstick.parts import Parts


class Process:
    def __init__(self, pid):
        self.pid = pid


class System:
    def __init__(self):
        self.known = {}

    def list_processes(self):
        new = {1} - set(self.known)
        listing = sorted(list(self.known.items()) + [(pid, None) for pid in new])
        for pid, process in listing:
            if process is None:
                self.known[pid] = Process(pid)


PARTS = Parts(System, [System.list_processes, System.list_processes])


def scenario():
    PARTS.run()
