"""watchdog polls a folder, and tells of new files.

Racy: what it tells is read before all came.
"""

import tempfile
import threading
from pathlib import Path

from watchdog.events import FileSystemEventHandler
from watchdog.observers.polling import PollingObserver


class Inbox(FileSystemEventHandler):
    def __init__(self):
        self.arrived = threading.Event()
        self.names = []

    def on_created(self, event):
        self.names.append(Path(event.src_path).name)
        self.arrived.set()


class HastyInbox(Inbox):
    def on_created(self, event):
        self.arrived.set()
        self.names.append(Path(event.src_path).name)


def watch(inbox):
    with tempfile.TemporaryDirectory() as folder:
        observer = PollingObserver(timeout=0.01)
        observer.schedule(inbox, folder)
        observer.start()
        Path(folder, "letter").write_text("hello", encoding="utf-8")
        if not inbox.arrived.wait(5):  # it was there before the first look
            Path(folder, "letter 2").write_text("hello", encoding="utf-8")
            inbox.arrived.wait()
        names = list(inbox.names)
        observer.stop()
        observer.join()
    assert names[0].startswith("letter")


def scenario():
    watch(Inbox())


def racy():
    watch(HastyInbox())


if __name__ == "__main__":
    scenario()
