"""A generator without ``finally``: if the block raises, nobody terminates the task.

Law: R1
Failure: AssertionError
In production: one error in the block, and the process does not end any more.
Mend: ``try`` around the ``yield``, and ``finally`` for what must be done.
"""

import contextlib

import _sound


def running(task, *args, name=None, daemon=False):
    return _block(_sound.running(task, *args, name=name, daemon=daemon))


@contextlib.contextmanager
def _block(sound):
    thread = sound.__enter__()
    yield thread
    sound.__exit__(None, None, None)
