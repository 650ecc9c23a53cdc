import tempfile
import threading

import persistqueue


def scenario():
    with tempfile.TemporaryDirectory() as folder:
        queue = persistqueue.SQLiteAckQueue(folder, multithreading=True, auto_commit=True)
        got = []

        def work():
            item = queue.get()
            got.append(item)
            queue.ack(item)

        threads = [threading.Thread(target=queue.put, args=(number,)) for number in (1, 2)]
        threads += [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        queue.close()
        assert sorted(got) == [1, 2]
