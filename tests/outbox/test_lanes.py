"""A code to log in does not stand behind a backlog."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from outbox.delivery import BATCH, drain
from outbox.kinds import Kind, Letter
from outbox.lanes import Lane
from outbox.models import Message
from outbox.posting import Draft, post, post_many
from tests.outbox.conftest import NINE, Sink

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def kinds(register: Callable[..., Kind]) -> None:
    register()
    register(name="moved", lane=Lane.TIMELY)
    register(name="code", lane=Lane.URGENT)


def backlog(ada: Any, size: int) -> None:
    post_many(Draft("reminder", f"reminder:{n}", to=ada, due_at=NINE - MINUTE) for n in range(size))


def test_the_urgent_go_first_then_the_timely_then_the_longest_due(kinds: None, ada: Any) -> None:
    backlog(ada, 3)
    post("moved", key="moved", to=ada, due_at=NINE)
    post("code", key="code", to=ada, due_at=NINE)
    assert [m.kind for m in Message.objects.claim(5, NINE)] == ["code", "moved", "reminder", "reminder", "reminder"]


def test_a_code_that_is_asked_for_in_the_middle_of_a_batch_is_the_next_to_be_sent(
    sink: Sink, register: Callable[..., Kind], ada: Any
) -> None:
    def asks_for_a_code(message: Message) -> Letter:
        if message.key == "reminder:2":
            post("code", key="code", address="new@example.org", due_at=NINE)
        return Letter("Tomorrow", "At nine.")

    register(asks_for_a_code)
    register(name="code", lane=Lane.URGENT)
    for n in range(BATCH):
        post("reminder", key=f"reminder:{n}", to=ada, due_at=NINE - MINUTE * (BATCH - n))
    drain(at=NINE)
    assert [received.to[0] for received in sink.taken].index("new@example.org") == 3


def test_the_front_of_the_line_is_found_by_its_index(kinds: None, ada: Any) -> None:
    backlog(ada, 3000)
    post("code", key="code", to=ada, due_at=NINE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE outbox_message")
        query, params = Message.objects.due(NINE).order_by("lane", "next_try_at", "id")[:BATCH].query.sql_with_params()
        cursor.execute(f"EXPLAIN {query}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "waiting_messages" in plan
    assert "Sort" not in plan
