"""bottle, called as any WSGI application is.

Racy: notes are numbered by a look at the last.
"""

import threading
from contextlib import nullcontext
from wsgiref.util import setup_testing_defaults

import bottle


def make_app(lock):
    app, notes = bottle.Bottle(), {}

    @app.get("/new/<text>")
    def new(text):
        with lock:
            number = len(notes)
            notes[number] = bottle.request.path
        bottle.response.set_header("X-Number", str(number))
        return {"text": text}

    return app, notes


def get(app, path):
    environ, seen = {"PATH_INFO": path}, []
    setup_testing_defaults(environ)
    body = b"".join(app(environ, lambda status, headers, *more: seen.append(status)))
    assert seen == ["200 OK"]
    return body


def write(lock):
    app, notes = make_app(lock)
    threads = [threading.Thread(target=get, args=(app, f"/new/{text}")) for text in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(notes.values()) == ["/new/a", "/new/b"]


def scenario():
    write(threading.Lock())


def racy():
    write(nullcontext())


if __name__ == "__main__":
    scenario()
