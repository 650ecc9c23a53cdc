import threading

from segment.analytics.client import Client


def scenario():
    client = Client("key", send=False, thread=1, sync_mode=False)
    threads = [threading.Thread(target=client.track, args=("user", "visit")) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.flush()
    client.shutdown()
