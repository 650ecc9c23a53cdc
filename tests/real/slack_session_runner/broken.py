"""A client runs three threads that do something again and again, and ``close`` stops two of them.

Report: Slack SDK, issue 1873: https://github.com/slackapi/python-slack-sdk/issues/1873
Versions: slack_sdk 3.41.0
Kind: timer or daemon that outlives its owner
Found: leak
Token: -
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Runner:
    def __init__(self, work, interval):
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(work, interval), daemon=True)

    def run(self, work, interval):
        while not self.stopped.wait(interval):
            work()

    def stop(self):
        self.stopped.set()
        if self.thread.is_alive():
            self.thread.join()


class Client:
    def __init__(self):
        self.session = Runner(self.receive, 0.1)
        self.monitor = Runner(self.ping, 5)
        self.processor = Runner(self.process, 0.001)

    def receive(self):
        pass

    def ping(self):
        pass

    def process(self):
        pass

    def connect(self):
        for runner in (self.session, self.monitor, self.processor):
            runner.thread.start()

    def close(self):
        self.monitor.stop()
        self.processor.stop()


def application(client):
    client.connect()
    client.close()


PARTS = Parts(Client, [application])


def scenario():
    PARTS.run()
