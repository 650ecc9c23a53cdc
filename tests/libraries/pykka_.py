"""Two threads ask a future for its result; it gets one."""

import threading

from pykka import ThreadingFuture


def scenario():
    future = ThreadingFuture()
    results = []
    threads = [threading.Thread(target=lambda: results.append(future.get())) for _ in range(2)]
    for thread in threads:
        thread.start()
    future.set("done")
    for thread in threads:
        thread.join()
    assert results == ["done", "done"]
