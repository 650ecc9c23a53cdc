import threading

from sqlalchemy.pool import QueuePool


class Database:
    def close(self):
        pass

    def rollback(self):
        pass

    def cursor(self):
        return self


def scenario():
    pool = QueuePool(Database, pool_size=1, max_overflow=1, timeout=5)

    def use():
        connection = pool.connect()
        connection.cursor()
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pool.checkedout() == 0
    pool.dispose()
