"""A map of channels holds them weakly. Whether there is one for a master is looked up first, and
then it is taken: who held it last may let go of it between the two.

Report: Salt, pull request 42387: https://github.com/saltstack/salt/pull/42387
Versions: Salt of July 2017
Kind: weak references
Found: exception KeyError
Token: 15.1,19.1
"""

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
        if master not in self.of_master:
            channel = Channel()
            self.of_master[master] = channel
        else:
            channel = self.of_master[master]
        return channel


def client(channels):
    assert channels.get("saltmaster") is not None


def last_user(channels):
    channels.held.clear()


PARTS = Parts(Channels, [client, last_user])


def scenario():
    PARTS.run()
