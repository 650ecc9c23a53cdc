import threading

from tornado.ioloop import IOLoop


def scenario():
    got = []
    ready = threading.Event()
    loops = []

    def run():
        loop = IOLoop(make_current=False)
        loops.append(loop)
        loop.add_callback(ready.set)
        loop.start()
        loop.close()

    running = threading.Thread(target=run)
    running.start()
    ready.wait()
    [loop] = loops
    threads = [
        threading.Thread(target=loop.add_callback, args=(got.append, number)) for number in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    loop.add_callback(loop.stop)
    running.join()
    assert sorted(got) == [1, 2]
