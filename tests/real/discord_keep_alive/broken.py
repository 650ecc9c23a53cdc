"""A timer sends a sign of life, and starts the next timer. The client knows the first one alone,
and that is what logging out cancels.

Report: discord.py, pull request 3: https://github.com/Rapptz/discord.py/pull/3
Versions: discord.py of September 2015
Kind: timer or daemon that outlives its owner
Found: leak
Token: -
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Client:
    def __init__(self):
        self.sent = 0
        self.logged_out = threading.Event()

    def keep_alive(self, interval):
        self.sent += 1
        timer = threading.Timer(interval, self.keep_alive, (interval,))
        timer.start()
        return timer

    def run(self):
        timer = self.keep_alive(5)
        self.logged_out.wait()
        timer.cancel()
        timer.join()


def user(client):
    client.logged_out.wait(12)
    client.logged_out.set()


PARTS = Parts(Client, [Client.run, user])


def scenario():
    PARTS.run()
