"""The failure of a task is kept on the class: it is raised at the end of another's block.

Law: R1
Failure: ValueError
In production: the log blames the importer for what the exporter did.
Mend: keep it on the object.
"""

import _sound


class running(_sound.running):  # reads as a function
    failures = []

    def _body(self):
        try:
            self._task.run(*self._args)
        except BaseException as error:
            self.failures.append(error)

    def __exit__(self, kind, raised, traceback):
        self._task.terminate()
        self._thread.join()
        if self.failures and raised is None:
            raise self.failures.pop()
