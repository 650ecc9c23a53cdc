"""A thread-local is given its value at the import: there is none in any other thread.

Law: T7
Failure: AttributeError
In production: works in the shell and in the tests, and fails in the pool.
Mend: give it its value where it is read first, or in a subclass of ``threading.local``.
"""

import threading

import _sound

_here = threading.local()
_here.depth = 0


class CountdownTask(_sound.CountdownTask):
    def _count_down(self, n):
        _here.depth += 1
        try:
            return super()._count_down(n)
        finally:
            _here.depth -= 1
