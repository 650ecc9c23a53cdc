"""A thread waits in a loop for what never comes."""

import threading


def scenario():
    going = True

    def spin():
        while going:
            pass

    thread = threading.Thread(target=spin)
    thread.start()
    going = going
    thread.join()
