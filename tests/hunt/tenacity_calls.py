import threading

from tenacity import Retrying, retry, stop_after_attempt, wait_fixed


def scenario():
    failed = set()

    @retry(stop=stop_after_attempt(3), wait=wait_fixed(1))
    def call(number):
        if number not in failed:
            failed.add(number)
            raise OSError
        return number

    got = []
    threads = [
        threading.Thread(target=lambda number=number: got.append(call(number))) for number in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [1, 2]
    retrying = Retrying(stop=stop_after_attempt(2))
    assert retrying(int) == 0
