"""Two threads break the precondition of one function."""

import threading

from icontract import ViolationError, require


def is_positive(number):
    return number > 0


@require(is_positive)
def root(number):
    return number**0.5


def scenario():
    violations = []

    def call():
        try:
            root(-1)
        except ViolationError as error:
            violations.append(error)

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(violations) == 2
