"""Starts the threads of a test, of whichever world."""


def started(world, *functions):
    threads = [world.threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    return threads
