import threading

import fasteners


def scenario():
    lock = fasteners.ReaderWriterLock()
    rows = []

    def write():
        with lock.write_lock():
            rows.append(1)
            rows.append(2)

    def read():
        with lock.read_lock():
            assert len(rows) % 2 == 0

    threads = [threading.Thread(target=target) for target in (write, read, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == [1, 2] * 2
