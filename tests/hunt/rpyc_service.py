import threading
import time

import rpyc
from rpyc.utils.helpers import BgServingThread
from rpyc.utils.server import ThreadedServer


class Shop(rpyc.Service):
    def exposed_double(self, n):
        return 2 * n


def scenario():
    server = ThreadedServer(Shop, hostname="127.0.0.1", port=0)
    serving = threading.Thread(target=server.start)
    serving.start()
    while not server.active:
        time.sleep(0.1)
    connection = rpyc.connect("127.0.0.1", server.port)
    background = BgServingThread(connection)
    got = []
    threads = [
        threading.Thread(target=lambda n=n: got.append(connection.root.double(n))) for n in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    background.stop()
    connection.close()
    server.close()
    serving.join()
    assert sorted(got) == [2, 4]
