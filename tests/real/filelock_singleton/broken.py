"""Whoever asks for the lock of a file gets the same object, as long as anybody holds it. Two
threads that are the first to ask both find none, and each gets a lock of its own.

Report: filelock, pull request 581: https://github.com/tox-dev/filelock/pull/581
Versions: filelock of July 2026
Kind: weak references
Found: exception AssertionError
Token: 10.1,13.1
"""

import weakref

from tests.benchmarks.yardstick.parts import Parts


class FileLock:
    instances = weakref.WeakValueDictionary()


def lock_of(path):
    instance = FileLock.instances.get(path)
    if instance is None:
        instance = FileLock()
        FileLock.instances[path] = instance
    return instance


def user(locks):
    locks.append(lock_of("data.lock"))


def there_is_one(locks):
    return locks[0] is locks[1]


PARTS = Parts(list, [user, user], there_is_one)


def scenario():
    PARTS.run()
