"""Two threads say that they are busy, and say at the end, whatever happens, that they are not."""

import threading

from _parts import NO_LOCK, run, together


def scenario(guard):
    state = {"busy": False}

    def work():
        with guard:
            assert not state["busy"]
            try:
                state["busy"] = True
                raise LookupError
            except LookupError:
                pass
            finally:
                state["busy"] = False

    together(work, work)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
