import threading

from posthog import Posthog


def scenario():
    client = Posthog("key", host="http://127.0.0.1:1", send=False)
    threads = [
        threading.Thread(target=lambda: client.capture("visit", distinct_id="user"))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.flush()
    client.shutdown()
