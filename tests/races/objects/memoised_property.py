"""What was computed of the old text is stored after the new one has come, and stays.

In production: a title that nobody can change: it shows the old one until the process ends.
Mend: compute under the lock under which the text is changed.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations, operation


class Document:
    def __init__(self):
        self._text = ""
        self._words = None
        self._lock = threading.Lock()

    def edit(self, text):
        with self._lock:
            self._text = text
            self._words = None

    @property
    def words(self):
        words = self._words
        if words is None:
            words = self._words = len(self._text.split())
        return words


class SoundDocument(Document):
    @property
    def words(self):
        with self._lock:
            return super().words


class Faulty(Operations):
    document = Document

    def __init__(self):
        self.made = self.document()

    @operation(text=st.sampled_from(["one", "one two", "one two three"]))
    def edit(self, text):
        self.made.edit(text)

    @operation()
    def words(self):
        return self.made.words


class Sound(Faulty):
    document = SoundDocument
