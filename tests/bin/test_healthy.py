"""The health checks of the containers."""

import os
import time
from datetime import datetime, timedelta
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from outbox.models import Message

BIN = Path(__file__).resolve().parents[2] / "bin"


@pytest.fixture
def healthy() -> Any:
    spec = spec_from_loader("healthy", SourceFileLoader("healthy", str(BIN / "healthy")))
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def untouched(healthy: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(healthy.UNTOUCHED)
        return int(cursor.fetchone()[0])


def message(key: str, due: datetime, **fields: Any) -> None:
    Message.objects.create(key=key, kind="any", address="a@example.org", next_try_at=due, **fields)


@pytest.mark.django_db
def test_the_outbox_is_ill_when_a_message_has_been_due_for_minutes_and_nobody_tried(healthy: Any) -> None:
    now = timezone.now()
    for minutes in (0, 4, -60):
        message(f"in time {minutes}", now - timedelta(minutes=minutes))
    message("sent", now - timedelta(hours=1), sent_at=now, dated_at=now)
    assert untouched(healthy) == 0
    message("forgotten", now - timedelta(minutes=6))
    assert untouched(healthy) == 1


def test_beat_is_ill_when_it_has_written_nothing_for_minutes(healthy: Any, tmp_path: Path) -> None:
    schedule = tmp_path / "beat-schedule"
    assert not healthy.beat(str(schedule))
    schedule.write_text("")
    assert healthy.beat(str(schedule))
    long_ago = time.time() - 700
    os.utime(schedule, (long_ago, long_ago))
    assert not healthy.beat(str(schedule))


def test_each_service_with_a_check_has_one(healthy: Any) -> None:
    composed = (BIN.parent / "docker-compose.yml").read_text()
    asked = {line.split("bin/healthy, ")[1].rstrip("]") for line in composed.splitlines() if "bin/healthy" in line}
    assert asked == set(healthy.CHECKS)
