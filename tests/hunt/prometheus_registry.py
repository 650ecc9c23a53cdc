import threading

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest


def scenario():
    registry = CollectorRegistry()
    visits = Counter("visits", "Of the site", ["page"], registry=registry)

    def visit():
        visits.labels("home").inc()

    def scrape():
        generate_latest(registry)
        passing = Gauge("passing", "Comes and goes", registry=registry)
        passing.set(1)
        registry.unregister(passing)

    threads = [threading.Thread(target=target) for target in (visit, visit, scrape)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert registry.get_sample_value("visits_total", {"page": "home"}) == 2
    visits.clear()
