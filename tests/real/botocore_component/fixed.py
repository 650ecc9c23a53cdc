"""Whoever comes second makes the part once more, and finds nothing to delete, which is no
matter.
"""

from tests.benchmarks.yardstick.parts import Parts


class Session:
    """Knows how to make its parts, and keeps those that are made."""

    def __init__(self):
        self.factories = {"credentials": lambda: ["key", "secret"]}
        self.parts = {}

    def part(self, name):
        factory = self.factories.get(name)
        if factory is not None:
            self.parts.setdefault(name, factory())
            self.factories.pop(name, None)
        return self.parts.get(name)


def client(session):
    assert session.part("credentials") == ["key", "secret"]


PARTS = Parts(Session, [client, client])


def scenario():
    PARTS.run()
