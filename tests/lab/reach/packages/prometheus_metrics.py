"""prometheus_client: counters, gauges, histograms.

Racy: a gauge is read, and set to one more.
"""

import threading

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    def __init__(self):
        self.registry = CollectorRegistry()
        self.visits = Counter("visits", "Of the site", ["page"], registry=self.registry)
        self.inside = Gauge("inside", "Who is in", registry=self.registry)
        self.seconds = Histogram("seconds", "Of a visit", registry=self.registry)
        self.count = 0

    def visit(self, page):
        with self.seconds.time():
            self.visits.labels(page).inc()
            self.inside.inc()

    def visit_counting(self, page):
        self.visit(page)
        self.inside.dec()
        self.count += 1
        self.inside.set(self.count)


def open_site(metrics, visit):
    threads = [threading.Thread(target=visit, args=("home",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    value = metrics.registry.get_sample_value
    assert value("visits_total", {"page": "home"}) == 2
    assert value("seconds_count") == 2
    assert b"inside 2.0" in generate_latest(metrics.registry)


def scenario():
    metrics = Metrics()
    open_site(metrics, metrics.visit)


def racy():
    metrics = Metrics()
    open_site(metrics, metrics.visit_counting)


if __name__ == "__main__":
    scenario()
