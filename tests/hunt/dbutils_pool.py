import sqlite3
import threading

from dbutils.pooled_db import PooledDB


def scenario():
    pool = PooledDB(
        sqlite3,
        maxconnections=2,
        maxcached=1,
        blocking=True,
        database=":memory:",
        check_same_thread=False,
    )

    def use():
        with pool.connection() as connection, connection.cursor() as cursor:
            cursor.execute("select 1")
            assert cursor.fetchone() == (1,)

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool.close()
