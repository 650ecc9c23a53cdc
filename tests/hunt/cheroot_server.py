import threading
import urllib.request

from cheroot.wsgi import Server


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]


def scenario():
    server = Server(("127.0.0.1", 0), application, numthreads=1, max=2)
    server.prepare()
    serving = threading.Thread(target=server.serve)
    serving.start()
    got = []

    def ask():
        with urllib.request.urlopen(f"http://127.0.0.1:{server.bind_addr[1]}/") as answer:
            got.append(answer.read())

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.stop()
    serving.join()
    assert got == [b"hello"] * 2
