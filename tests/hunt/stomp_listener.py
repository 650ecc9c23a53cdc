import socket
import threading

import stomp


def broker(listener):
    connection, _address = listener.accept()
    with connection:
        data = b""
        while chunk := connection.recv(1024):
            data += chunk
            while b"\0" in data:
                frame, _, data = data.partition(b"\0")
                head = frame.strip().split(b"\n")[0]
                if head in (b"CONNECT", b"STOMP"):
                    connection.sendall(b"CONNECTED\nversion:1.1\n\n\0")
                elif head == b"DISCONNECT":
                    receipt = next(x for x in frame.split(b"\n") if x.startswith(b"receipt:"))
                    connection.sendall(b"RECEIPT\nreceipt-id:" + receipt[8:] + b"\n\n\0")


def scenario():
    listener = socket.create_server(("127.0.0.1", 0))
    serving = threading.Thread(target=broker, args=(listener,))
    serving.start()
    connection = stomp.Connection11([listener.getsockname()])
    connection.connect("me", "secret", wait=True)
    threads = [threading.Thread(target=connection.send, args=("/queue/a", "hi")) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.disconnect()
    serving.join()
    listener.close()
