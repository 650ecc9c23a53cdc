"""threading.Condition: a letter is waited for.

Racy: who looks first and waits then sleeps on.
"""

import threading


class Mailbox:
    def __init__(self):
        self.arrived = threading.Condition()
        self.letters = []

    def post(self, letter):
        with self.arrived:
            self.letters.append(letter)
            self.arrived.notify()

    def take(self):
        with self.arrived:
            self.arrived.wait_for(lambda: self.letters)
            return self.letters.pop()

    def take_carelessly(self):
        if not self.letters:
            with self.arrived:
                self.arrived.wait()
        return self.letters.pop()


def write_to(box, take):
    postman = threading.Thread(target=box.post, args=("hello",))
    postman.start()
    assert take() == "hello"
    postman.join()


def scenario():
    box = Mailbox()
    write_to(box, box.take)


def racy():
    box = Mailbox()
    write_to(box, box.take_carelessly)


if __name__ == "__main__":
    scenario()
