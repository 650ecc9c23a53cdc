import threading

import sentry_sdk
from sentry_sdk.transport import HttpTransport


class Transport(HttpTransport):
    """Keeps what it would send."""

    sent: list = []

    def _send_envelope(self, envelope):
        Transport.sent.append(envelope)


def scenario():
    sentry_sdk.init(
        dsn="http://key@127.0.0.1:1/1",
        transport=Transport,
        default_integrations=False,
        auto_enabling_integrations=False,
        shutdown_timeout=2,
        release="1",
    )
    threads = [threading.Thread(target=sentry_sdk.capture_message, args=("hi",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client = sentry_sdk.get_client()
    client.flush(timeout=5)
    assert len(Transport.sent) == 2
    client.close()
