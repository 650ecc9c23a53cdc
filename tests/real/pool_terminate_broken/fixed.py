"""A future that has been cancelled meanwhile is left alone."""

import contextlib
from concurrent.futures import Future, InvalidStateError

from tests.benchmarks.yardstick.parts import Parts


class Pool:
    def __init__(self):
        self.pending = [Future(), Future()]

    def terminate(self):
        for future in self.pending:
            with contextlib.suppress(InvalidStateError):
                future.set_exception(ChildProcessError("died"))


def caller(pool):
    pool.pending[1].cancel()


PARTS = Parts(Pool, [Pool.terminate, caller])


def scenario():
    PARTS.run()
