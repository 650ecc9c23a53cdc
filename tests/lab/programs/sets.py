"""Sets, whose items come in another order in each process."""

import threading


class Box:
    def __init__(self):
        self.names = {"one", "two", "three", "four"}
        self.places = {"one": {"a", "b", "c"}, "two": frozenset("xyz")}


def scenario():
    box, lock = Box(), threading.Lock()

    def work(name):
        with lock:
            box.names.discard(name)
        names = box.names
        box.names = names | {name + name}
        box.places[name] = set(box.names)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not box.places, len(box.names)
