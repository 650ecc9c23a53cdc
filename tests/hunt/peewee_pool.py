import threading

from playhouse.pool import PooledSqliteDatabase


def scenario():
    database = PooledSqliteDatabase(
        ":memory:", max_connections=2, timeout=10, check_same_thread=False
    )

    def use():
        with database.connection_context():
            assert database.execute_sql("select 1").fetchone() == (1,)

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close_all()
