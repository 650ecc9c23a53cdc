"""The end of the block terminates the task, and does not wait for its thread.

Law: R1
Failure: AssertionError
In production: the file is closed while the task still writes to it.
Mend: join the thread.
"""

import _sound


class running(_sound.running):
    def __exit__(self, kind, raised, traceback):
        self._task.terminate()
