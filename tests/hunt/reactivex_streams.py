import threading

import reactivex
from reactivex import operators as ops
from reactivex.scheduler import EventLoopScheduler


def scenario():
    scheduler = EventLoopScheduler()
    got, done = [], threading.Event()
    source = reactivex.merge(reactivex.just(1).pipe(ops.observe_on(scheduler)), reactivex.just(2))
    source.subscribe(got.append, on_completed=done.set)
    done.wait()
    scheduler.dispose()
    assert sorted(got) == [1, 2]


def subjects():
    subject = reactivex.Subject()
    got = []
    subscription = subject.subscribe(got.append)
    threads = [
        threading.Thread(target=subject.on_next, args=(1,)),
        threading.Thread(target=subscription.dispose),
        threading.Thread(target=subject.on_completed),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got in ([], [1])
