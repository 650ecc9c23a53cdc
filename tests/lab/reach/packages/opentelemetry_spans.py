"""OpenTelemetry: spans go to an exporter in batches.

Racy: the exporter is read before the flush.
"""

import threading

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult


class Exporter(SpanExporter):
    def __init__(self):
        self.names = []

    def export(self, spans):
        for span in spans:
            self.names.append(span.name)
        return SpanExportResult.SUCCESS

    def shutdown(self):
        pass


def trace(look):
    exporter = Exporter()
    provider = TracerProvider(resource=Resource({"service.name": "shop"}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=100_000))
    tracer = provider.get_tracer("shop")

    def work(name):
        with tracer.start_as_current_span(name) as span:
            span.set_attribute("name", name)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("pack", "send")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = look(provider, exporter)
    provider.shutdown()
    return sorted(names)


def look_after(provider, exporter):
    provider.force_flush()
    return exporter.names


def look_beside(provider, exporter):
    flusher = threading.Thread(target=provider.force_flush)
    flusher.start()
    while not exporter.names:
        pass
    names = list(exporter.names)
    flusher.join()
    return names


def scenario():
    assert trace(look_after) == ["pack", "send"]


def racy():
    assert trace(look_beside) == ["pack", "send"]


if __name__ == "__main__":
    scenario()
