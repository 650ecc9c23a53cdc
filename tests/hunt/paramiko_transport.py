import socket
import threading

import paramiko


class Server(paramiko.ServerInterface):
    def check_auth_password(self, username, password):
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED


KEY = paramiko.ECDSAKey.generate()


def scenario():
    one, two = socket.socketpair()
    server, client = paramiko.Transport(one), paramiko.Transport(two)
    server.add_server_key(KEY)
    server.start_server(event=threading.Event(), server=Server())
    client.connect(username="me", password="secret")
    channel = client.open_session()
    accepted = server.accept(60)
    threads = [threading.Thread(target=channel.sendall, args=(b"x",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got = b""
    while len(got) < 2:
        got += accepted.recv(2)
    client.close()
    server.close()
    client.join()
    server.join()
    assert got == b"xx"
