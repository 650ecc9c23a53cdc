"""Two threads count the errors of a group."""

import threading

from _parts import NO_LOCK, run, together


def scenario(guard):
    errors = {"of value": 0}

    def work():
        with guard:
            try:
                raise ExceptionGroup("all", [ValueError(1), KeyError(2)])
            except* ValueError:
                errors["of value"] += 1
            except* KeyError:
                pass

    together(work, work)
    assert errors["of value"] == 2


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
