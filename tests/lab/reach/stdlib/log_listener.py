"""logging's QueueHandler and QueueListener.

Racy: the records are read before the listener ends.
"""

import logging
import logging.handlers
import queue
import threading


class Kept(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def record(read_late):
    kept, records = Kept(), queue.SimpleQueue()
    log = logging.Logger("sensor")
    log.addHandler(logging.handlers.QueueHandler(records))
    listener = logging.handlers.QueueListener(records, kept, respect_handler_level=True)
    listener.start()
    thread = threading.Thread(target=log.warning, args=("it is %s", "hot"))
    thread.start()
    log.info("all is well")
    thread.join()
    if read_late:
        listener.stop()
        return kept.messages
    while not kept.messages and records.qsize():
        pass
    messages = list(kept.messages)
    listener.stop()
    return messages


def scenario():
    assert record(read_late=True) == ["it is hot"]


def racy():
    assert record(read_late=False) == ["it is hot"]


if __name__ == "__main__":
    scenario()
