"""A thread asks one host while another asks a second one, and the manager keeps one pool."""

import threading

from urllib3 import HTTPConnectionPool, PoolManager


class Connection(HTTPConnectionPool.ConnectionCls):
    """Connects to nothing."""

    def connect(self):
        pass


def scenario():
    manager = PoolManager(num_pools=1)

    def use(host):
        pool = manager.connection_from_host(host)
        pool.ConnectionCls = Connection
        pool._put_conn(pool._get_conn())

    threads = [threading.Thread(target=use, args=(host,)) for host in ("a.test", "b.test")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
