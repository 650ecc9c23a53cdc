"""What is saved is a copy of the lines, and a set is copied in one go."""

from tests.benchmarks.yardstick.parts import Parts


class Collector:
    def __init__(self):
        self.lines = {"app.py": {1, 2}}
        self.saved = {}

    def trace(self, file, line):
        self.lines[file].add(line)

    def flush(self):
        for file, lines in list(self.lines.items()):
            self.saved[file] = sum(1 << line for line in lines.copy())


def server(collector):
    collector.trace("app.py", 3)


PARTS = Parts(Collector, [Collector.flush, server])


def scenario():
    PARTS.run()
