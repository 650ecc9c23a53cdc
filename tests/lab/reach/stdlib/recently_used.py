"""collections: OrderedDict, deque, Counter, defaultdict, ChainMap.

Racy: a cache is cut bare.
"""

import threading
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from contextlib import nullcontext


class Recent:
    def __init__(self, lock, size):
        self.lock = lock
        self.size = size
        self.values = OrderedDict()
        self.misses = defaultdict(int)
        self.log = deque(maxlen=10)

    def get(self, key, make):
        self.log.append(key)
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
            else:
                self.misses[key] += 1
                self.values[key] = make(key)
                if len(self.values) > self.size:
                    self.values.popitem(last=False)
            return self.values[key]


def read(lock):
    recent = Recent(lock, size=1)

    def reader(keys):
        for key in keys:
            assert recent.get(key, str.upper) == key.upper()

    threads = [threading.Thread(target=reader, args=(keys,)) for keys in ("a", "ab")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(recent.log) == {"a": 2, "b": 1}
    assert ChainMap({}, recent.misses)["b"] == 1
    assert len(recent.values) == 1


def scenario():
    read(threading.Lock())


def racy():
    read(nullcontext())


if __name__ == "__main__":
    scenario()
