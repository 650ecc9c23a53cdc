import threading

from huey import MemoryHuey


def scenario():
    huey = MemoryHuey()

    @huey.task()
    def add(a, b):
        return a + b

    consumer = huey.create_consumer(workers=2, periodic=False, check_worker_health=False)
    consumer.start()
    got = []
    threads = [
        threading.Thread(target=lambda n=n: got.append(add(n, 1).get(blocking=True, timeout=60)))
        for n in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    consumer.stop(graceful=True)
    assert sorted(got) == [2, 3]
