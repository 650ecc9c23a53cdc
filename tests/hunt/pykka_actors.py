import threading

import pykka


class Counter(pykka.ThreadingActor):
    def __init__(self):
        super().__init__()
        self.count = 0

    def add(self):
        self.count += 1
        return self.count


def scenario():
    ref = Counter.start()
    proxy = ref.proxy()
    got = []

    def ask():
        try:
            got.append(proxy.add().get(timeout=10))
        except pykka.ActorDeadError:
            got.append(None)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    ref.stop()
    for thread in threads:
        thread.join()
    pykka.ActorRegistry.stop_all()
    assert len(got) == 2
