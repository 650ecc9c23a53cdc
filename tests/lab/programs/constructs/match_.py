"""Two threads take a job that is new, and it is run twice."""

import threading

from _parts import NO_LOCK, run, together


class Job:
    __match_args__ = ("state",)

    def __init__(self):
        self.state = "new"
        self.runs = 0


def scenario(guard):
    job = Job()

    def work():
        with guard:
            match job:
                case Job("new") if job.runs < 5:
                    job.runs += 1
                    job.state = "done"
                case Job("done"):
                    pass

    together(work, work)
    assert job.runs == 1


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
