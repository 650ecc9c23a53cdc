import contextlib
import threading

import pymongo


def scenario():
    client = pymongo.MongoClient(
        "127.0.0.1", 1, serverSelectionTimeoutMS=2000, heartbeatFrequencyMS=1000
    )

    def ping():
        with contextlib.suppress(
            pymongo.errors.ServerSelectionTimeoutError, pymongo.errors.InvalidOperation
        ):
            client.admin.command("ping")

    threads = [threading.Thread(target=ping) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
