"""Two senders at once, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from outbox.delivery import drain
from outbox.kinds import Kind
from outbox.models import LEASE, DropReason, Message
from outbox.posting import Draft, post_many, withdraw
from tests.outbox.conftest import NINE, Sink

pytestmark = pytest.mark.django_db(transaction=True)


class Senders(ThreadPoolExecutor):
    def go(self, work: Callable[[], Any]) -> Future[Any]:
        return self.submit(self._and_hang_up, work)

    def _and_hang_up(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connection.close()


def claim_all(start: threading.Barrier) -> list[Any]:
    start.wait()
    taken = []
    while batch := Message.objects.claim(3, NINE):
        taken += [message.pk for message in batch]
    return taken


def test_no_row_is_handed_out_twice(register: Callable[..., Kind], ada: Any) -> None:
    register()
    post_many(Draft("reminder", f"reminder:{n}", to=ada, due_at=NINE) for n in range(200))
    start = threading.Barrier(4)
    with Senders() as senders:
        taken = [pk for done in [senders.go(lambda: claim_all(start)) for _ in range(4)] for pk in done.result()]
    assert (len(taken), len(set(taken))) == (200, 200)


def test_a_row_that_another_sender_is_just_taking_is_passed_by(
    register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register()
    for n in (1, 2):
        posted(f"reminder:{n}", due_at=NINE - timedelta(minutes=3 - n))
    with Senders() as senders, transaction.atomic():
        mine = Message.objects.claim(1, NINE)
        theirs = senders.go(lambda: Message.objects.claim(5, NINE)).result(timeout=20)
    assert [[m.key for m in taken] for taken in (mine, theirs)] == [["reminder:1"], ["reminder:2"]]


def test_senders_side_by_side_send_each_message_once(sink: Sink, register: Callable[..., Kind], ada: Any) -> None:
    register()
    post_many(Draft("reminder", f"reminder:{n}", to=ada, due_at=NINE) for n in range(60))
    with Senders() as senders:
        sent = [done.result() for done in [senders.go(lambda: drain(at=NINE)) for _ in range(4)]]
    ids = [received.mail["Message-ID"] for received in sink.taken]
    assert (sum(sent), len(ids), len(set(ids))) == (60, 60, 60)


def test_a_slow_mail_server_leads_nobody_to_send_a_second_copy(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register()
    posted()
    sink.may_answer.clear()
    with Senders() as senders:
        slow = senders.go(lambda: drain(at=NINE))
        assert sink.something_arrived.wait(20)
        assert drain(at=NINE + 10 * LEASE) == 0
        sink.may_answer.set()
        assert slow.result(timeout=20) == 1
    assert len(sink.arrived) == 1


def test_who_withdraws_does_not_wait_for_a_mail_that_is_leaving(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register()
    for n in (1, 2):
        posted(f"reminder:{n}", due_at=NINE - timedelta(minutes=3 - n))
    sink.may_answer.clear()
    with Senders() as senders:
        slow = senders.go(lambda: drain(at=NINE))
        assert sink.something_arrived.wait(20)
        assert withdraw(key_prefix="reminder") == 1
        sink.may_answer.set()
        assert slow.result(timeout=20) == 1
    ends = Message.objects.order_by("key").values_list("sent_at", "drop_reason")
    assert list(ends) == [(NINE, ""), (None, DropReason.WITHDRAWN)]
