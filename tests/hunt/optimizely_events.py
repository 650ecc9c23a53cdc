import threading

from optimizely import logger
from optimizely.event.event_processor import BatchEventProcessor


class Dispatcher:
    def dispatch_event(self, event):
        pass


def scenario():
    processor = BatchEventProcessor(
        Dispatcher(), logger.NoOpLogger(), start_on_init=True, batch_size=2, flush_interval=1
    )
    threads = [threading.Thread(target=processor.stop) for _ in range(1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not processor.is_running
