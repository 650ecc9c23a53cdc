import threading
import urllib.request

import waitress


def application(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]


def scenario():
    server = waitress.create_server(application, host="127.0.0.1", port=0, threads=2)
    serving = threading.Thread(target=server.run)
    serving.start()
    got = []

    def ask():
        with urllib.request.urlopen(f"http://127.0.0.1:{server.effective_port}/") as answer:
            got.append(answer.read())

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.close()
    serving.join()
    assert got == [b"hello"] * 2
