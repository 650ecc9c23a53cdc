"""A channel is looked for and taken at once."""

import weakref

from tests.benchmarks.yardstick.parts import Parts


class Channel:
    pass


class Channels:
    def __init__(self):
        self.of_master = weakref.WeakValueDictionary()
        self.held = [Channel()]
        self.of_master["saltmaster"] = self.held[0]

    def get(self, master):
        channel = self.of_master.get(master)
        if channel is None:
            channel = Channel()
            self.of_master[master] = channel
        return channel


def client(channels):
    assert channels.get("saltmaster") is not None


def last_user(channels):
    channels.held.clear()


PARTS = Parts(Channels, [client, last_user])


def scenario():
    PARTS.run()
