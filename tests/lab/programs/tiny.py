"""As few steps as two threads that write can have, for all of its schedules."""

import threading


class Box:
    first = second = 0


def scenario():
    box = Box()

    def work():
        box.first = 1
        box.second = 1

    thread = threading.Thread(target=work)
    thread.start()
    box.first = 2
    thread.join()
