"""UDP datagrams from two beacons.

Racy: the last place is written by whoever comes last.
"""

import json
import socket
import threading


def track(keep):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as station:
        station.bind(("127.0.0.1", 0))
        station.settimeout(60)
        places = {}

        def beacon(name):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(json.dumps([name, 1]).encode(), station.getsockname())

        def listen():
            data, sender = station.recvfrom(1024)
            assert sender[0] == "127.0.0.1"
            keep(places, *json.loads(data))

        threads = [threading.Thread(target=beacon, args=(name,)) for name in "ab"]
        threads += [threading.Thread(target=listen) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return places


def by_name(places, name, steps):
    places[name] = steps


def all_in_one(places, name, steps):
    places["all"] = places.get("all", 0) + steps


def scenario():
    assert track(by_name) == {"a": 1, "b": 1}


def racy():
    assert track(all_in_one) == {"all": 2}


if __name__ == "__main__":
    scenario()
