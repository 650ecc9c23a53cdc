import tempfile
import threading

import persistqueue


def scenario():
    with tempfile.TemporaryDirectory() as folder:
        queue = persistqueue.Queue(folder, tempdir=folder)
        got = []

        def work():
            got.append(queue.get())
            queue.task_done()

        threads = [threading.Thread(target=queue.put, args=(number,)) for number in (1, 2)]
        threads += [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        queue.join()
        for thread in threads:
            thread.join()
        assert sorted(got) == [1, 2]
