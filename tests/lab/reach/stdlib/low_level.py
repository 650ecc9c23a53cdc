"""_thread itself: start_new_thread, allocate_lock, exit.

Racy: a lock is free a line too early.
"""

import _thread


def run(release_early):
    done, results = _thread.allocate_lock(), []
    done.acquire()

    def work(number):
        if release_early:
            done.release()
            results.append(number * number)
        else:
            results.append(number * number)
            done.release()
        _thread.exit()

    assert _thread.start_new_thread(work, (7,)) != _thread.get_ident()
    assert done.acquire(True, 60)
    return results


def scenario():
    assert run(release_early=False) == [49]


def racy():
    assert run(release_early=True) == [49]


if __name__ == "__main__":
    scenario()
