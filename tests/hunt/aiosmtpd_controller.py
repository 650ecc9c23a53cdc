import smtplib

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message


class Keep(Message):
    def __init__(self):
        super().__init__()
        self.kept = []

    def handle_message(self, message):
        self.kept.append(message)


def scenario():
    keep = Keep()
    controller = Controller(keep, hostname="127.0.0.1", port=8025)
    controller.start()
    with smtplib.SMTP("127.0.0.1", 8025, local_hostname="here") as client:
        client.sendmail("a@example.org", ["b@example.org"], "Subject: hi\r\n\r\nhello")
    controller.stop()
    assert len(keep.kept) == 1
