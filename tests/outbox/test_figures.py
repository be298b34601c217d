"""The outbox in numbers, on the administrators' page and for Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from outbox.figures import Figures, latest_failures, sent_by_hour
from outbox.kinds import Kind
from outbox.models import AddressFailure, DropReason, Message
from tests.outbox.conftest import NINE

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(register: Callable[..., Kind], posted: Callable[..., Message]) -> None:
    """One of each end, two that wait, one that is on its way."""
    register()
    for key, at in (("sent", NINE), ("sent before", NINE - 3 * HOUR), ("failed", NINE), ("dropped", NINE)):
        posted(key, due_at=at)
        (message,) = Message.objects.claim(1, at)
        {
            "sent": lambda m: m.mark_sent(NINE),
            "sent before": lambda m: m.mark_sent(NINE - 3 * HOUR),
            "failed": lambda m: m.fail("SMTPRecipientsRefused 550", NINE),
            "dropped": lambda m: m.drop(DropReason.TOO_LATE, NINE),
        }[key](message)
    Message.objects.filter(key="sent before").update(bounced_at=NINE)
    posted("late", due_at=NINE - 20 * MINUTE)
    posted("on its way", due_at=NINE - 5 * MINUTE)
    posted("to come", due_at=NINE + DAY)
    AddressFailure.objects.create(address="eve@example.org", reason="full", source="reported")


def test_the_figures(world: None) -> None:
    assert Figures.at(NINE) == Figures(
        due=2,
        oldest_due_seconds=1200,
        to_come=1,
        in_daily_mails=0,
        sent_last_hour=1,
        sent_last_day=2,
        daily_mails_last_day=0,
        failures={"SMTPRecipientsRefused 550": 1},
        bounces=1,
        addresses_failing=1,
    )


def test_nothing_there(db: None) -> None:
    assert Figures.at(NINE).oldest_due_seconds == 0
    assert sum(hour.sent for hour in sent_by_hour(NINE)) == 0


def test_sent_hour_by_hour(world: None) -> None:
    hours = sent_by_hour(NINE)
    assert len(hours) == 24
    assert [(hour.begins_at, hour.sent) for hour in hours if hour.sent] == [(NINE, 1), (NINE - 3 * HOUR, 1)]


def test_what_was_given_up_says_neither_whom_nor_what_about(world: None) -> None:
    assert list(latest_failures(NINE)) == [("Reminder", NINE, "SMTPRecipientsRefused 550", 1)]


def test_the_figures_take_as_many_queries_however_much_there_is(
    world: None, posted: Callable[..., Message], django_assert_num_queries: Any
) -> None:
    for n in range(5):
        posted(f"more:{n}")
    with django_assert_num_queries(10):
        Figures.at(NINE)


SECRET = "a secret that is long enough 0123"


def test_prometheus_reads_them_with_the_secret(world: None, client: Any, settings: Any) -> None:
    settings.METRICS_SECRET = SECRET
    with time_machine.travel(NINE, tick=False):
        answer = client.get("/metrics/", headers={"Authorization": f"Bearer {SECRET}"})
    assert answer.headers["Content-Type"].startswith("text/plain")
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    assert sorted(lines) == [
        "buddying_outbox_addresses_failing 1.0",
        "buddying_outbox_bounces 1.0",
        "buddying_outbox_daily_mails_last_day 0.0",
        "buddying_outbox_due 2.0",
        'buddying_outbox_failures{error="SMTPRecipientsRefused 550"} 1.0',
        "buddying_outbox_in_daily_mails 0.0",
        "buddying_outbox_oldest_due_seconds 1200.0",
        "buddying_outbox_sent_last_day 2.0",
        "buddying_outbox_sent_last_hour 1.0",
        "buddying_outbox_to_come 1.0",
    ]


@pytest.mark.parametrize(("secret", "brought"), [("", "Bearer "), ("", ""), (SECRET, "Bearer x"), (SECRET, SECRET)])
def test_nobody_else_reads_them(client: Any, settings: Any, secret: str, brought: str) -> None:
    settings.METRICS_SECRET = secret
    assert client.get("/metrics/", headers={"Authorization": brought}).status_code == 404
