import socket
import threading

from fluent import asyncsender


def scenario():
    listener = socket.create_server(("127.0.0.1", 0))
    host, port = listener.getsockname()
    sender = asyncsender.FluentSender("app", host=host, port=port)
    threads = [threading.Thread(target=sender.emit, args=("visit", {"n": 1})) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sender.close()
    connection, _address = listener.accept()
    got = b""
    while data := connection.recv(1024):
        got += data
    connection.close()
    listener.close()
    assert got.count(b"visit") == 2
