import threading

from s3transfer.futures import TransferCoordinator


def scenario():
    coordinator = TransferCoordinator(1)
    done = []
    coordinator.add_done_callback(done.append, "done")
    got = []

    def wait():
        got.append(coordinator.result())

    def finish():
        coordinator.set_result("parts")
        coordinator.announce_done()

    threads = [threading.Thread(target=target) for target in (wait, finish)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["parts"]
    assert done == ["done"]
