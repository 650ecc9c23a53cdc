import threading

from blinker import Signal


def scenario():
    signal = Signal()
    got = []

    def note(sender):
        got.append(sender)

    signal.connect(note)

    def passing():
        def other(sender):
            pass

        signal.connect(other)
        signal.disconnect(other)

    threads = [
        threading.Thread(target=signal.send, args=("one",)),
        threading.Thread(target=passing),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["one"]
