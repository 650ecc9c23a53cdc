import threading

import websocket
from websockets.sync.server import serve


def echo(connection):
    for message in connection:
        connection.send(message)


def scenario():
    with serve(echo, "127.0.0.1", 0) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        host, port = server.socket.getsockname()
        got = []

        def note(app, message):
            got.append(message)
            app.close()

        app = websocket.WebSocketApp(
            f"ws://{host}:{port}", on_open=lambda app: app.send("hello"), on_message=note
        )
        running = threading.Thread(target=app.run_forever)
        running.start()
        running.join()
        server.shutdown()
        serving.join()
    assert got == ["hello"]
