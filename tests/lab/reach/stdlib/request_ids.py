"""contextvars carry a request's number into a pool.

Racy: a module's variable carries it.
"""

import contextvars
from concurrent.futures import ThreadPoolExecutor

request = contextvars.ContextVar("request", default="none")
latest = "none"


def note():
    return request.get()


def handle(number):
    request.set(number)
    return [contextvars.copy_context().run(note) for _ in range(2)]


def handle_carelessly(number):
    global latest
    latest = number
    return [latest, latest]


def scenario():
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(contextvars.Context().run, handle, number) for number in ("one", "two")]
        assert [job.result() for job in jobs] == [["one"] * 2, ["two"] * 2]
    assert request.get() == "none"


def racy():
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(handle_carelessly, number) for number in ("one", "two")]
        assert [job.result() for job in jobs] == [["one"] * 2, ["two"] * 2]


if __name__ == "__main__":
    scenario()
