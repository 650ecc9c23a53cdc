import socket
import threading

from datadog.dogstatsd import DogStatsd


def scenario():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    client = DogStatsd(
        "127.0.0.1",
        server.getsockname()[1],
        disable_telemetry=True,
        disable_background_sender=False,
        disable_buffering=False,
        flush_interval=0.3,
        origin_detection_enabled=False,
    )
    threads = [threading.Thread(target=client.increment, args=("visits",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.flush()
    client.wait_for_pending()
    client.stop()
    got = b""
    while got.count(b"visits") < 2:
        got += server.recv(2048)
    server.close()
