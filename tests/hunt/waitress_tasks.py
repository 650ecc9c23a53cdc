import threading

from waitress.task import ThreadedTaskDispatcher


class Task:
    def __init__(self, done):
        self.done = done

    def service(self):
        self.done.append("served")

    def cancel(self):
        self.done.append("cancelled")


def scenario():
    done = []
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(2)
    threads = [threading.Thread(target=dispatcher.add_task, args=(Task(done),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    dispatcher.shutdown()
    assert len(done) == 2
