import threading

from asgiref.local import Local
from asgiref.sync import async_to_sync, sync_to_async

LOCAL = Local()


def scenario():
    got = []

    def block(number):
        return number, LOCAL.name

    async def handle(number):
        LOCAL.name = number
        got.append(await sync_to_async(block)(number))

    threads = [threading.Thread(target=async_to_sync(handle), args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [(1, 1), (2, 2)]
