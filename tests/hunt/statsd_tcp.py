import socket
import threading

import statsd


def scenario():
    listener = socket.create_server(("127.0.0.1", 0))
    client = statsd.TCPStatsClient("127.0.0.1", listener.getsockname()[1])
    threads = [threading.Thread(target=client.incr, args=("visits",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
    server, _address = listener.accept()
    with server, server.makefile() as file:
        assert file.read().split() == ["visits:1|c"] * 2
    listener.close()
