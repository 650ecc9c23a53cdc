"""threading.Event says that a configuration is there.

Racy: it says so a line too early.
"""

import threading


def start(load):
    config, ready, greetings = {}, threading.Event(), []

    def greet():
        assert ready.wait(timeout=60)
        greetings.append(config.get("greeting"))

    readers = [threading.Thread(target=greet) for _ in range(2)]
    for reader in readers:
        reader.start()
    load(config, ready)
    for reader in readers:
        reader.join()
    assert greetings == ["good morning"] * 2


def load(config, ready):
    config["greeting"] = "good morning"
    ready.set()


def load_in_a_hurry(config, ready):
    ready.set()
    config["greeting"] = "good morning"


def scenario():
    start(load)


def racy():
    start(load_in_a_hurry)


if __name__ == "__main__":
    scenario()
