"""ratelimit: so many calls in a period, else sleep.

Racy: a limit of one's own, by look and count.
"""

import threading

import ratelimit


def call_all(api, period):
    calls = []

    def client():
        try:
            calls.append(api())
        except ratelimit.RateLimitException as error:
            assert error.period_remaining <= period
            calls.append("wait")

    threads = [threading.Thread(target=client) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(calls)


class Limit:
    def __init__(self, calls):
        self.left = calls

    def __call__(self):
        if self.left == 0:
            raise ratelimit.RateLimitException("no more", 1)
        self.left -= 1
        return "called"


def scenario():
    api = ratelimit.limits(calls=1, period=3600)(lambda: "called")
    assert call_all(api, 3600) == ["called", "wait"]
    often = ratelimit.sleep_and_retry(ratelimit.limits(calls=1, period=0.002)(lambda: "called"))
    assert call_all(often, 0.002) == ["called"] * 2


def racy():
    assert call_all(Limit(1), 3600) == ["called", "wait"]


if __name__ == "__main__":
    scenario()
