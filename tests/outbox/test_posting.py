from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from outbox.kinds import UnknownKind
from outbox.models import DropReason, Message
from outbox.posting import Draft, post, post_many, withdraw
from tests.outbox.conftest import NINE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_kind")]


@pytest.fixture
def some_kind(register: Callable[..., Any]) -> None:
    register()


def keys() -> list[str]:
    return sorted(Message.objects.values_list("key", flat=True))


def waiting_keys() -> list[str]:
    return sorted(Message.objects.waiting().values_list("key", flat=True))


def test_a_posted_message_says_for_whom_and_when(ada: Any) -> None:
    session = uuid.uuid4()
    post(
        "reminder",
        key="reminder:1",
        to=ada,
        due_at=NINE,
        expires_at=NINE + timedelta(hours=1),
        about_id=session,
        params={"session": session, "seat": 3},
    )
    message = Message.objects.get()
    assert (message.kind, message.recipient, message.address) == ("reminder", ada, "")
    assert (message.due_at, message.next_try_at) == (NINE, NINE)
    assert (message.about_id, message.params) == (str(session), {"session": str(session), "seat": 3})
    assert message.attempts == 0


def test_a_key_is_used_once(ada: Any, ben: Any) -> None:
    post("reminder", key="reminder:1", to=ada, due_at=NINE)
    post("reminder", key="reminder:1", to=ben, due_at=NINE + timedelta(days=1))
    assert list(Message.objects.values_list("recipient", "due_at")) == [(ada.pk, NINE)]


def test_a_withdrawn_key_stays_used(ada: Any) -> None:
    post("reminder", key="reminder:1", to=ada)
    withdraw(key_prefix="reminder:1")
    post("reminder", key="reminder:1", to=ada)
    assert (keys(), waiting_keys()) == (["reminder:1"], [])


def test_several_at_once_with_one_known_already(ada: Any, ben: Any) -> None:
    post("reminder", key="reminder:1", to=ada)
    with CountedQueries() as counted:
        post_many(Draft("reminder", f"reminder:{n}", to=ben) for n in (1, 2, 3))
    assert list(Message.objects.order_by("key").values_list("key", "recipient")) == [
        ("reminder:1", ada.pk),
        ("reminder:2", ben.pk),
        ("reminder:3", ben.pk),
    ]
    assert counted.inserts == 1


def test_somebody_without_an_address_gets_no_row(ada: Any) -> None:
    ada.email = None
    ada.save()
    post("reminder", key="reminder:1", to=ada)
    assert keys() == []


def test_an_address_without_a_person() -> None:
    post("reminder", key="invitation:1", address="new@example.org")
    message = Message.objects.get()
    assert (message.recipient, message.address, message.send_to) == (
        None,
        "new@example.org",
        "new@example.org",
    )


def test_what_is_too_late_at_posting_gets_no_row(ada: Any) -> None:
    post("reminder", key="reminder:1", to=ada, expires_at=timezone.now() - timedelta(seconds=1))
    assert keys() == []


def test_an_unknown_kind_is_refused_at_posting(ada: Any) -> None:
    with pytest.raises(UnknownKind):
        post("remainder", key="reminder:1", to=ada)


def test_what_the_caller_rolls_back_was_never_posted(ada: Any) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post("reminder", key="reminder:1", to=ada)
        raise ZeroDivisionError
    assert keys() == []


@pytest.mark.parametrize("prefix", ["reminder:12", "reminder:12:"])
def test_withdrawing_reaches_whole_parts_of_a_key_only(posted: Callable[..., Message], prefix: str) -> None:
    for key in ("reminder:12", "reminder:12:ada", "reminder:12:ben", "reminder:123:ada", "log:reminder:12"):
        posted(key)
    assert withdraw(key_prefix=prefix) == 3
    assert waiting_keys() == ["log:reminder:12", "reminder:123:ada"]
    dropped = Message.objects.dropped()
    assert set(dropped.values_list("drop_reason", flat=True)) == {DropReason.WITHDRAWN}


def test_signs_that_mean_something_in_patterns_mean_nothing_in_keys(posted: Callable[..., Message]) -> None:
    posted("reminder:1_:a")
    posted("reminder:12:a")
    assert withdraw(key_prefix="reminder:1_") == 1
    assert waiting_keys() == ["reminder:12:a"]


def test_what_was_sent_stays_sent(posted: Callable[..., Message]) -> None:
    posted()
    (message,) = Message.objects.claim(1, NINE)
    message.mark_sent(NINE)
    assert withdraw(key_prefix="reminder:1") == 0
    assert Message.objects.sent().count() == 1


def test_withdrawing_twice_is_withdrawing_once(posted: Callable[..., Message]) -> None:
    posted()
    assert [withdraw(key_prefix="reminder"), withdraw(key_prefix="reminder")] == [1, 0]


@pytest.mark.parametrize("prefix", ["", ":"])
def test_no_prefix_withdraws_nothing(posted: Callable[..., Message], prefix: str) -> None:
    posted()
    with pytest.raises(ValueError, match="prefix"):
        withdraw(key_prefix=prefix)
    assert waiting_keys() == ["reminder:1"]


class CountedQueries:
    def __enter__(self) -> CountedQueries:
        self.inserts = 0
        self._hook = connection.execute_wrapper(self._count)
        self._hook.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self._hook.__exit__(*raised)

    def _count(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.inserts += sql.startswith("INSERT")
        return execute(sql, *rest)
