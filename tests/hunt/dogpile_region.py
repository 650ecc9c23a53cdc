import threading

from dogpile.cache import make_region


def scenario():
    region = make_region().configure("dogpile.cache.memory", expiration_time=10)
    made = []

    def make():
        made.append(1)
        return len(made)

    got = []
    threads = [
        threading.Thread(target=lambda: got.append(region.get_or_create("key", make)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [1, 1]
    region.delete("key")
