import socket
import threading

import redis


def serve(listener):
    """Says OK, or 1, to whatever is asked."""

    def answer(connection):
        with connection, connection.makefile("rwb") as file:
            while line := file.readline():
                words = []
                for _ in range(int(line[1:])):
                    size = int(file.readline()[1:])
                    words.append(file.read(size + 2)[:-2])
                file.write(b":1\r\n" if words[0].startswith(b"INCR") else b"+OK\r\n")
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
    pool = redis.BlockingConnectionPool(
        max_connections=1,
        timeout=5,
        host="127.0.0.1",
        port=listener.getsockname()[1],
        protocol=2,
        driver_info=None,
    )
    client = redis.Redis(connection_pool=pool)
    got = []
    threads = [threading.Thread(target=lambda: got.append(client.incr("n"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool.disconnect()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    server.join()
    assert got == [1, 1]
