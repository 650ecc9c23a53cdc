"""threading.Timer: only the last of several keys counts.

Racy: a cancelled timer may be late.
"""

import threading


class Debouncer:
    def __init__(self, careful):
        self.lock = threading.Lock()
        self.careful = careful
        self.timer = None
        self.generation = 0
        self.saved = []

    def key(self, text):
        with self.lock:
            if self.timer is not None:
                self.timer.cancel()
            self.generation += 1
            self.timer = threading.Timer(0.001, self.save, [self.generation, text])
            self.timer.start()
            return self.timer

    def save(self, generation, text):
        with self.lock:
            if not self.careful or generation == self.generation:
                self.saved.append(text)


def type_in(careful):
    editor = Debouncer(careful)
    first = editor.key("a")
    last = editor.key("ab")
    first.join()
    last.join()
    return editor.saved


def scenario():
    assert type_in(careful=True)[-1] == "ab"


def racy():
    assert type_in(careful=False) == ["ab"]


if __name__ == "__main__":
    scenario()
