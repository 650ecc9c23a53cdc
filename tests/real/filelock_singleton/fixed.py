"""A lock is looked for and made under a lock of all."""

import threading
import weakref

from tests.benchmarks.yardstick.parts import Parts


class FileLock:
    creating = threading.Lock()
    instances = weakref.WeakValueDictionary()


def lock_of(path):
    with FileLock.creating:
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
