import socket
import threading

import paho.mqtt.client as mqtt


def broker(listener):
    """Says yes to whatever it is told."""
    connection, _address = listener.accept()
    with connection, connection.makefile("rwb") as file:
        while kind := file.read(1):
            length = file.read(1)[0]
            rest = file.read(length)
            if kind[0] >> 4 == 1:
                file.write(b"\x20\x02\x00\x00")
            elif kind[0] >> 4 == 3:
                size = int.from_bytes(rest[:2])
                file.write(b"\x40\x02" + rest[2 + size : 4 + size])
            elif kind[0] >> 4 == 12:
                file.write(b"\xd0\x00")
            elif kind[0] >> 4 == 14:
                break
            file.flush()


def scenario():
    listener = socket.create_server(("127.0.0.1", 0))
    serving = threading.Thread(target=broker, args=(listener,))
    serving.start()
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    connected = threading.Event()
    client.on_connect = lambda *args: connected.set()
    client.connect(*listener.getsockname())
    client.loop_start()
    connected.wait()

    def publish():
        client.publish("news", "hi", qos=1).wait_for_publish(60)

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.disconnect()
    client.loop_stop()
    serving.join()
    listener.close()
