"""A list that is iterated while another takes something out of it: the next one is skipped.

In production: when a screen is closed, another one does not show the message that came just then.
Mend: publish under the lock under which one subscribes.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Topic:
    def __init__(self):
        self._boxes = []
        self._lock = threading.Lock()

    def subscribe(self, name):
        with self._lock:
            if all(name != other for other, _ in self._boxes):
                self._boxes.append((name, []))

    def unsubscribe(self, name):
        """Return what has come."""
        with self._lock:
            for place, (other, messages) in enumerate(self._boxes):
                if name == other:
                    del self._boxes[place]
                    return messages
        return None

    def publish(self, message):
        for _, messages in self._boxes:
            messages.append(message)


class SoundTopic(Topic):
    def publish(self, message):
        with self._lock:
            super().publish(message)


NAMES = st.sampled_from("ab")
OPERATIONS = {"subscribe": [NAMES], "unsubscribe": [NAMES], "publish": [st.integers(0, 3)]}
Faulty = Operations.of(Topic, OPERATIONS)
Sound = Operations.of(SoundTopic, OPERATIONS)
