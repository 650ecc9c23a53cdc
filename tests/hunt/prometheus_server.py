import threading
import urllib.request

from prometheus_client import CollectorRegistry, Counter, start_http_server


def scenario():
    registry = CollectorRegistry()
    visits = Counter("visits", "Of the site", registry=registry)
    server, thread = start_http_server(0, "127.0.0.1", registry)
    address = f"http://127.0.0.1:{server.server_port}/metrics"

    def scrape():
        with urllib.request.urlopen(address) as answer:
            assert b"visits_total" in answer.read()

    scraper = threading.Thread(target=scrape)
    scraper.start()
    visits.inc()
    scraper.join()
    server.shutdown()
    server.server_close()
    thread.join()
