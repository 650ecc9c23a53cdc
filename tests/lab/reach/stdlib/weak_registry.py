"""weakref: open documents are found as long as anybody holds them.

Racy: looked for, then taken.
"""

import threading
import weakref

documents = weakref.WeakValueDictionary()
closed = []


class Document:
    def __init__(self, name):
        self.name = name
        self.finaliser = weakref.finalize(self, closed.append, name)
        documents[name] = self


def find(name):
    return documents.get(name)


def find_in_two(name):
    if name in documents:
        return documents[name]
    return None


def use(find):
    held = [Document("thesis")]
    seen = []

    def reader():
        document = find("thesis")
        seen.append(document.name if document is not None else "gone")

    threads = [threading.Thread(target=reader), threading.Thread(target=held.clear)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen in (["thesis"], ["gone"])
    assert closed == ["thesis"]
    assert find("thesis") is None


def scenario():
    use(find)


def racy():
    use(find_in_two)


if __name__ == "__main__":
    scenario()
