"""An exception of the target is kept for the starter, also when that has gone its way.

Law: S5
Failure: AssertionError
In production: a thread that died an hour ago, and not a line in any log.
Mend: after the signal, let it reach ``threading.excepthook``.
"""

import _sound


class Start(_sound.Start):
    def _body(self):
        try:
            self._call()
        except BaseException as error:
            if not self._signalled.is_set():
                self._fail(error)
        else:
            if not self._signalled.is_set():
                self._fail(RuntimeError("the target returned without its signal"))


start = Start.start
