"""Threads that send one message when they have begun, and blocks that are generators."""

import queue
import threading
from contextlib import contextmanager

from _arguments import having, of_start, of_thread


class Sender:
    """Sends its first message; the others are too late."""

    def __init__(self):
        self.messages = queue.Queue()
        self._first = threading.Lock()

    def send(self, message):
        first = self._first.acquire(blocking=False)
        if first:
            self.messages.put(message)
        return first

    def set(self):
        self.send(None)


def start(target, *args, name=None, daemon=False, timeout=None, **kwargs):
    timeout = of_start(target, name, daemon, timeout)
    sender = Sender()

    def body():
        try:
            target(*args, started=sender, **kwargs)
        except BaseException as error:
            if not sender.send(error):
                raise
        else:
            sender.send(RuntimeError("it has returned, and signalled nothing"))

    thread = threading.Thread(target=body, name=name, daemon=daemon)
    thread.start()
    try:
        error = sender.messages.get(timeout=timeout)
    except queue.Empty:
        late = TimeoutError(f"no signal after {timeout} s")
        late.thread = thread
        raise late from None
    if error is not None:
        thread.join()
        raise error
    return thread


def running(task, *args, name=None, daemon=False):
    having("task", task, "run", "terminate")
    of_thread(name, daemon)
    return block(task, args, name, daemon)


@contextmanager
def block(task, args, name, daemon):
    failures = []

    def body():
        try:
            task.run(*args)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=body, name=name, daemon=daemon)
    thread.start()
    try:
        yield thread
    except BaseException as error:
        end(task, thread)
        if failures and failures[0] is not error:
            error.__context__ = failures[0]
        raise
    end(task, thread)
    if failures:
        raise failures[0]


def end(task, thread):
    task.terminate()
    thread.join()
