import threading

from websockets.sync.client import connect
from websockets.sync.server import serve


def echo(connection):
    for message in connection:
        connection.send(message)


def scenario():
    with serve(echo, "127.0.0.1", 0) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        host, port = server.socket.getsockname()
        with connect(f"ws://{host}:{port}") as client:
            sender = threading.Thread(target=client.send, args=("hello",))
            sender.start()
            assert client.recv() == "hello"
            sender.join()
        server.shutdown()
        serving.join()
