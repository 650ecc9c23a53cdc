"""queue.Queue with join and task_done.

Racy: a page is said to be done before it is kept.
"""

from queue import Queue
from threading import Thread

LINKS = {"/": ["/a", "/b"], "/a": ["/c"], "/b": [], "/c": []}


def crawl(careful):
    pages, found = Queue(), {}

    def work():
        while (page := pages.get()) is not None:
            links = LINKS[page]
            for link in links:
                pages.put(link)
            if careful:
                found[page] = len(links)
                pages.task_done()
            else:
                pages.task_done()
                found[page] = len(links)

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    pages.put("/")
    pages.join()
    count = sum(found.values())
    for _ in workers:
        pages.put(None)
    for worker in workers:
        worker.join()
    return count


def scenario():
    assert crawl(careful=True) == 3


def racy():
    assert crawl(careful=False) == 3


if __name__ == "__main__":
    scenario()
