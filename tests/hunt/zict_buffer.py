import threading

import zict


def scenario():
    slow = {}
    buffer = zict.Buffer({}, slow, n=1)

    def use(key):
        buffer[key] = 1
        assert buffer[key] == 1
        del buffer[key]

    threads = [threading.Thread(target=use, args=(key,)) for key in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not buffer
