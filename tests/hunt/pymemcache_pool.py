import socket
import threading

from pymemcache.client.base import PooledClient


def serve(listener):
    def answer(connection):
        with connection, connection.makefile("rwb") as file:
            while line := file.readline():
                word = line.split()[0]
                if word == b"set":
                    file.readline()
                    file.write(b"STORED\r\n")
                elif word == b"get":
                    file.write(b"VALUE key 0 5\r\nvalue\r\nEND\r\n")
                file.flush()

    threads = []
    while True:
        try:
            connection, _address = listener.accept()
        except OSError:
            break
        threads.append(threading.Thread(target=answer, args=(connection,)))
        threads[-1].start()
    for thread in threads:
        thread.join()


def scenario():
    listener = socket.create_server(("127.0.0.1", 0))
    server = threading.Thread(target=serve, args=(listener,))
    server.start()
    client = PooledClient(listener.getsockname(), max_pool_size=2)

    def use():
        client.set("key", b"value", noreply=False)
        assert client.get("key") == b"value"

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    server.join()
