"""Each thread has a list of its own, which all call by the same name."""

import threading


def scenario():
    def work():
        mine = []
        mine.append(1)
        mine.append(2)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
