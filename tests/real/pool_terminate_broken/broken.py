"""A pool whose processes have died fails what is pending, unless it was cancelled, and a future may
be cancelled between the look and the setting.

Report: CPython, issue 107219: https://github.com/python/cpython/pull/108974
Versions: Python of September 2023
Kind: future set twice
Found: exception InvalidStateError
Token: 15.1,17.1
"""

from concurrent.futures import Future

from tests.benchmarks.yardstick.parts import Parts


class Pool:
    def __init__(self):
        self.pending = [Future(), Future()]

    def terminate(self):
        for future in self.pending:
            if not future.cancelled():
                future.set_exception(ChildProcessError("died"))


def caller(pool):
    pool.pending[1].cancel()


PARTS = Parts(Pool, [Pool.terminate, caller])


def scenario():
    PARTS.run()
