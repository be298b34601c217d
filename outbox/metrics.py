"""The outbox's figures as Prometheus reads them. Read from the rows at each scrape, so every process says the same."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from outbox.figures import Figures

CONTENT_TYPE = CONTENT_TYPE_LATEST

GAUGES = {
    "due": "Messages whose time has come and that are not sent",
    "oldest_due_seconds": "How long the oldest of them has been due",
    "to_come": "Messages whose time is still to come",
    "in_daily_mails": "Messages that wait for a daily mail",
    "sent_last_hour": "Messages sent in the last hour",
    "sent_last_day": "Messages sent in the last day",
    "daily_mails_last_day": "Daily mails sent in the last day",
    "bounces": "Mails that came back in the last week",
    "addresses_failing": "Addresses that took no mail when last tried",
}


class OutboxCollector(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        figures = Figures.at()
        for name, words in GAUGES.items():
            yield GaugeMetricFamily(f"buddying_outbox_{name}", words, value=getattr(figures, name))
        failures = GaugeMetricFamily(
            "buddying_outbox_failures", "Messages given up in the last week, by class of error", labels=["error"]
        )
        for error, count in figures.failures.items():
            failures.add_metric([error], count)
        yield failures


def as_text() -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(OutboxCollector())
    return generate_latest(registry)
