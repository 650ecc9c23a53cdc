"""Each thread notes the lines that it executes, without a lock. At the end of a test one of them
saves what all have noted, file by file and line by line.

Report: coverage.py, pull request 2165: https://github.com/coveragepy/coveragepy/pull/2165
Versions: coverage.py 6.4.2 to April 2026
Kind: iteration during change
Found: exception RuntimeError
Token: 10.1,13.1
"""

from tests.benchmarks.yardstick.parts import Parts


class Collector:
    def __init__(self):
        self.lines = {"app.py": {1, 2}}
        self.saved = {}

    def trace(self, file, line):
        self.lines[file].add(line)

    def flush(self):
        for file, lines in list(self.lines.items()):
            self.saved[file] = sum(1 << line for line in lines)


def server(collector):
    collector.trace("app.py", 3)


PARTS = Parts(Collector, [Collector.flush, server])


def scenario():
    PARTS.run()
