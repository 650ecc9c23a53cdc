import socket
import threading

import statsd


def scenario():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    client = statsd.StatsClient("127.0.0.1", server.getsockname()[1])

    def count():
        client.incr("visits")
        with client.timer("seconds"):
            pass

    @client.timer("decorated")
    def work():
        pass

    threads = [threading.Thread(target=target) for target in (count, work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got = sorted(server.recv(512).split(b":")[0] for _ in range(3))
    assert got == [b"decorated", b"seconds", b"visits"]
    client.close()
    server.close()
