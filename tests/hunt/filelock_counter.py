import tempfile
import threading

from filelock import FileLock, Timeout


def scenario():
    with tempfile.TemporaryDirectory() as folder:
        lock = FileLock(f"{folder}/lock", thread_local=False, is_singleton=True)
        inside = []

        def enter():
            own = FileLock(f"{folder}/lock", thread_local=True)
            try:
                with own.acquire(timeout=1):
                    inside.append(1)
                    assert len(inside) == 1
                    inside.pop()
            except Timeout:
                pass

        threads = [threading.Thread(target=enter) for _ in range(2)]
        with lock:
            for thread in threads:
                thread.start()
        for thread in threads:
            thread.join()
        assert not lock.is_locked
