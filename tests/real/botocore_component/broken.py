"""Two threads ask a session for a part of it that is made when it is first asked for. Both find the
factory, both make the part, and the second one deletes the factory again.

Report: botocore, pull request 2985: https://github.com/boto/botocore/pull/2985
Versions: botocore 1.8.45 to July 2023
Kind: check then act
Found: exception KeyError
Token: 13.1,15.1
"""

from tests.benchmarks.yardstick.parts import Parts


class Session:
    """Knows how to make its parts, and keeps those that are made."""

    def __init__(self):
        self.factories = {"credentials": lambda: ["key", "secret"]}
        self.parts = {}

    def part(self, name):
        if name in self.factories:
            self.parts[name] = self.factories[name]()
            del self.factories[name]
        return self.parts[name]


def client(session):
    assert session.part("credentials") == ["key", "secret"]


PARTS = Parts(Session, [client, client])


def scenario():
    PARTS.run()
