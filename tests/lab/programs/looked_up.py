"""A property counts how often it is read: to record accesses evaluates nothing twice."""

import threading


class Box:
    def __init__(self):
        self.seen, self.n, self._parts = [], 0, [0]

    @property
    def parts(self):
        self.seen.append("looked")
        return self._parts


def scenario():
    box = Box()

    def work():
        box.parts.append(box.n)
        max(box.parts, [box.n])
        setattr(box.parts[0:1] and box, "n", box.n + len(box.parts))
        box.parts < [box.n]
        box.parts[-1] += box.n

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(box.seen) == 12, box.seen
