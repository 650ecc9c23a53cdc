import socket
import threading

import redis


def serve(listener):
    """Takes one subscriber, and tells it one thing."""
    connection, _address = listener.accept()
    with connection, connection.makefile("rwb") as file:
        while line := file.readline():
            words = []
            for _ in range(int(line[1:])):
                size = int(file.readline()[1:])
                words.append(file.read(size + 2)[:-2])
            if words[0] == b"SUBSCRIBE":
                file.write(b"*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n")
                file.write(b"*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n")
            elif words[0] == b"UNSUBSCRIBE":
                file.write(b"*3\r\n$11\r\nunsubscribe\r\n$4\r\nnews\r\n:0\r\n")
            else:
                file.write(b"+OK\r\n")
            file.flush()


def scenario():
    listener = socket.create_server(("127.0.0.1", 0))
    server = threading.Thread(target=serve, args=(listener,))
    server.start()
    client = redis.Redis(
        host="127.0.0.1", port=listener.getsockname()[1], protocol=2, driver_info=None
    )
    came = threading.Event()
    pubsub = client.pubsub(ignore_subscribe_messages=True)
    pubsub.subscribe(news=lambda message: came.set())
    listening = pubsub.run_in_thread(sleep_time=0.1)
    came.wait()
    listening.stop()
    listening.join()
    client.close()
    server.join()
    listener.close()
