import threading

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import (
    MetricExporter,
    MetricExportResult,
    PeriodicExportingMetricReader,
)


class Exporter(MetricExporter):
    def __init__(self):
        super().__init__()
        self.got = []

    def export(self, metrics_data, timeout_millis=10_000, **kwargs):
        self.got.append(metrics_data)
        return MetricExportResult.SUCCESS

    def force_flush(self, timeout_millis=10_000):
        return True

    def shutdown(self, timeout_millis=30_000, **kwargs):
        pass


def scenario():
    exporter = Exporter()
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=1000)
    provider = MeterProvider([reader], shutdown_on_exit=False)
    meter = provider.get_meter("hunt")

    def work():
        meter.create_counter("visits").add(1, {"page": "home"})

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    provider.shutdown()
    points = exporter.got[-1].resource_metrics[0].scope_metrics[0].metrics[0].data.data_points
    assert [point.value for point in points] == [2]
