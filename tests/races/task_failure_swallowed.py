"""What the task raised stays in its thread.

Law: R2
Failure: Failed
In production: the block ends well, and its result is empty.
Mend: keep the exception in the thread, and raise it at the end of the block.
"""

import _sound


class running(_sound.running):
    def _body(self):
        try:
            self._task.run(*self._args)
        except BaseException:
            pass
