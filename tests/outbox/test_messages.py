"""The row and its rules: what is due, who may write, what the database refuses."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from outbox.models import LEASE, DropReason, Message
from tests.outbox.conftest import NINE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_kind")]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def some_kind(register: Callable[..., Any]) -> None:
    register()


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("a_message_goes_to_a_person_or_an_address", {"address": "ada@example.org"}),
        ("a_message_goes_to_a_person_or_an_address", {"recipient": None}),
        ("a_message_is_due_before_it_expires", {"expires_at": NINE}),
        ("a_claim_on_a_message_ends", {"claim_token": uuid.uuid4()}),
        ("a_claim_on_a_message_ends", {"claimed_until": NINE}),
        (
            "a_finished_message_is_claimed_by_nobody",
            {"failed_at": NINE, "claimed_until": NINE, "claim_token": uuid.uuid4()},
        ),
        ("a_message_ends_in_one_way", {"sent_at": NINE, "dated_at": NINE, "failed_at": NINE}),
        (
            "a_message_ends_in_one_way",
            {"sent_at": NINE, "dated_at": NINE, "dropped_at": NINE, "drop_reason": DropReason.TOO_LATE},
        ),
        (
            "a_message_ends_in_one_way",
            {"failed_at": NINE, "dropped_at": NINE, "drop_reason": DropReason.TOO_LATE},
        ),
        ("a_sent_message_is_dated", {"sent_at": NINE}),
        ("a_dropped_message_has_a_reason", {"dropped_at": NINE}),
        ("a_dropped_message_has_a_reason", {"drop_reason": DropReason.TOO_LATE}),
        ("a_dropped_message_has_a_reason", {"dropped_at": NINE, "drop_reason": "a whim"}),
    ],
)
def test_the_database_refuses(posted: Callable[..., Message], rule: str, fields: dict[str, Any]) -> None:
    message = posted()
    with pytest.raises(IntegrityError, match=rule):
        Message.objects.filter(pk=message.pk).update(**fields)


def test_the_database_refuses_a_second_row_with_the_same_key(posted: Callable[..., Message]) -> None:
    with pytest.raises(IntegrityError, match="one_message_a_key"):
        Message.objects.create(kind="reminder", key=posted().key, address="ada@example.org")


def test_due_is_what_waits_has_come_and_nobody_sends(posted: Callable[..., Message]) -> None:
    posted("later", due_at=NINE + MINUTE)
    for key in ("sent", "dropped", "failed", "being sent"):
        posted(key)
    for message in Message.objects.claim(4, NINE):
        {
            "sent": lambda m: m.mark_sent(NINE),
            "dropped": lambda m: m.drop(DropReason.TOO_LATE, NINE),
            "failed": lambda m: m.fail("OSError", NINE),
            "being sent": lambda m: None,
        }[message.key](message)
    posted("due")

    def keys(messages: Any) -> list[str]:
        return sorted(messages.values_list("key", flat=True))

    assert keys(Message.objects.due(NINE)) == ["due"]
    assert keys(Message.objects.due(NINE + MINUTE)) == ["due", "later"]
    assert keys(Message.objects.due(NINE + LEASE)) == ["being sent", "due", "later"]
    assert keys(Message.objects.waiting()) == ["being sent", "due", "later"]
    assert keys(Message.objects.sent()) == ["sent"]
    assert keys(Message.objects.dropped()) == ["dropped"]
    assert keys(Message.objects.failed()) == ["failed"]


def test_a_claim_takes_the_longest_due_first_and_no_more_than_asked(posted: Callable[..., Message]) -> None:
    for n in (1, 2, 3):
        posted(f"reminder:{n}", due_at=NINE - n * MINUTE)
    assert [m.key for m in Message.objects.claim(2, NINE)] == ["reminder:3", "reminder:2"]
    assert [m.key for m in Message.objects.claim(2, NINE)] == ["reminder:1"]


def test_the_lease_ends_and_the_date_stays(posted: Callable[..., Message]) -> None:
    posted()
    (first,) = Message.objects.claim(1, NINE)
    assert Message.objects.claim(1, NINE + LEASE - timedelta(seconds=1)) == []
    (second,) = Message.objects.claim(1, NINE + LEASE)
    assert (first.dated_at, second.dated_at) == (NINE, NINE)
    assert first.claim_token != second.claim_token


@pytest.mark.parametrize(
    "verb",
    [
        lambda m: m.hold(NINE),
        lambda m: m.mark_sent(NINE),
        lambda m: m.drop(DropReason.TOO_LATE, NINE),
        lambda m: m.fail("OSError", NINE),
        lambda m: m.postpone("OSError", NINE),
        lambda m: m.put_back(NINE),
    ],
)
def test_whose_lease_was_taken_over_writes_nothing(
    posted: Callable[..., Message], verb: Callable[[Message], bool]
) -> None:
    posted()
    (late,) = Message.objects.claim(1, NINE)
    Message.objects.claim(1, NINE + LEASE)
    before = Message.objects.values().get()
    assert verb(late) is False
    assert Message.objects.values().get() == before


def test_a_finished_message_changes_no_more(posted: Callable[..., Message]) -> None:
    posted()
    (message,) = Message.objects.claim(1, NINE)
    assert message.mark_sent(NINE)
    assert not Message.objects.get().drop(DropReason.TOO_LATE, NINE)
    assert Message.objects.sent().count() == 1


def test_the_pauses_between_tries_grow_until_the_last(posted: Callable[..., Message]) -> None:
    posted()
    at, pauses = NINE, []
    while claimed := Message.objects.claim(1, at):
        claimed[0].postpone("OSError", at)
        message = Message.objects.get()
        pauses.append((message.next_try_at - at).total_seconds() / 60)
        at = max(at, message.next_try_at)
    assert pauses == [1, 5, 15, 60, 180, 360, 720, 0]
    assert (message.attempts, message.failed_at, message.last_error) == (8, at, "OSError")


def test_a_next_try_that_would_be_too_late_is_not_waited_for(posted: Callable[..., Message]) -> None:
    posted(expires_at=NINE + MINUTE)
    (message,) = Message.objects.claim(1, NINE)
    message.postpone("OSError", NINE)
    assert Message.objects.failed().count() == 1
