import tempfile
import threading

from playhouse.sqliteq import SqliteQueueDatabase


def scenario():
    with tempfile.TemporaryDirectory() as folder:
        database = SqliteQueueDatabase(f"{folder}/db", autostart=False)
        database.start()
        database.execute_sql("create table t (n integer)")
        threads = [
            threading.Thread(target=database.execute_sql, args=("insert into t values (1)",))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        database.stop()
        database.close()
