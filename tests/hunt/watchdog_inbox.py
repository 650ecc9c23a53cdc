import pathlib
import tempfile
import threading

from watchdog.events import FileSystemEventHandler
from watchdog.observers.polling import PollingObserver


class Handler(FileSystemEventHandler):
    def __init__(self):
        self.seen = threading.Event()

    def on_created(self, event):
        self.seen.set()


def scenario():
    with tempfile.TemporaryDirectory() as folder:
        observer = PollingObserver(timeout=1)
        handler = Handler()
        watch = observer.schedule(handler, folder)
        observer.start()
        other = threading.Thread(target=observer.schedule, args=(Handler(), folder))
        other.start()
        pathlib.Path(folder, "letter").write_text("hi")
        other.join()
        observer.unschedule(watch)
        observer.stop()
        observer.join()
