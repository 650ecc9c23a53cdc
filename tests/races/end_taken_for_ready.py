"""A target that returns without its signal counts as started.

Law: S3
Failure: Failed
In production: the worker found nothing to do and left, and its queue fills up.
Mend: raise, when the thread has ended and there was no signal.
"""

import _sound


class Start(_sound.Start):
    def _fail(self, error):
        if not isinstance(error, RuntimeError):
            self._failure = error
        self._signalled.set()


start = Start.start
