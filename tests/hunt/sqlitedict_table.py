import tempfile
import threading

from sqlitedict import SqliteDict


def scenario():
    with (
        tempfile.TemporaryDirectory() as folder,
        SqliteDict(f"{folder}/db", autocommit=True) as table,
    ):
        threads = [threading.Thread(target=table.__setitem__, args=(str(n), n)) for n in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(table.values()) == [1, 2]
