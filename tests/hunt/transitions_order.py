import threading

from transitions.extensions import LockedMachine


def scenario():
    machine = LockedMachine(
        states=["a", "b"], transitions=[["go", "a", "b"], ["go", "b", "a"]], initial="a"
    )
    threads = [threading.Thread(target=machine.go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert machine.state == "a"
