"""redis over fakeredis: pipelines and locks.

Racy: GET, and SET to one more.
"""

import threading

import fakeredis


def increment(client):
    client.incr("visits")


def get_and_set(client):
    visits = int(client.get("visits") or 0)
    client.set("visits", visits + 1)


def visit(increment):
    server = fakeredis.FakeServer()

    def visitor():
        with fakeredis.FakeStrictRedis(server=server, decode_responses=True) as client:
            increment(client)
            client.pipeline().lpush("log", "visit").expire("log", 3600).execute()

    threads = [threading.Thread(target=visitor) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client = fakeredis.FakeStrictRedis(server=server, decode_responses=True)
    assert client.lrange("log", 0, -1) == ["visit"] * 2
    assert client.get("visits") == "2"


def scenario():
    visit(increment)


def racy():
    visit(get_and_set)


if __name__ == "__main__":
    scenario()
