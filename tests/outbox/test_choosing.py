"""What becomes of a message by its recipient's choices. Ada is in London, where 1 March has no summer time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from outbox.delivery import drain
from outbox.groups import CHANGES, NUDGES, REMINDERS, SESSIONS
from outbox.kinds import Kind
from outbox.models import DropReason, MailChoices, Message
from tests.outbox.conftest import DROP_THE_LINE, NINE, Sink

pytestmark = pytest.mark.django_db

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
TEN_AT_NIGHT = NINE + 13 * HOUR
SEVEN = NINE + 22 * HOUR
QUIET = {"quiet_from": time(21), "quiet_until": time(7)}


@pytest.fixture
def choose(ada: Any) -> Callable[..., MailChoices]:
    def choose(**fields: Any) -> MailChoices:
        return MailChoices.objects.update_or_create(person=ada, defaults=fields)[0]

    return choose


def end(message: Message) -> Any:
    message.refresh_from_db()
    return message.sent_at or message.drop_reason


def test_who_has_chosen_nothing_gets_everything_at_once(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register(group=NUDGES)
    message = posted(due_at=TEN_AT_NIGHT)
    drain(at=TEN_AT_NIGHT)
    assert end(message) == TEN_AT_NIGHT


def test_what_is_switched_off_is_dropped_and_says_so(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], choose: Callable[..., MailChoices]
) -> None:
    register(group=NUDGES)
    register(name="other", group=SESSIONS)
    choose(nudges="never")
    message = posted()
    drain(at=NINE)
    assert (end(message), sink.arrived) == (DropReason.SWITCHED_OFF, [])


def test_the_choice_is_asked_when_the_message_is_due(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], choose: Callable[..., MailChoices]
) -> None:
    register(group=NUDGES)
    choose(nudges="never")
    message = posted()
    choose(nudges="at once")
    drain(at=NINE)
    assert end(message) == NINE


def test_what_is_essential_comes_whatever_is_chosen(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], choose: Callable[..., MailChoices]
) -> None:
    register(group=CHANGES)
    choose(sessions="never", nudges="never", reflection="never", cohort="never", reminders="none",
           paused_until=date(2031, 1, 1))  # fmt: skip
    message = posted()
    drain(at=NINE)
    assert end(message) == NINE


@pytest.mark.parametrize(
    ("chosen", "sent"),
    [("both", ["day", "hour"]), ("day", ["day"]), ("hour", ["hour"]), ("none", [])],
)
def test_reminders_are_chosen_one_by_one(
    sink: Sink,
    register: Callable[..., Kind],
    posted: Callable[..., Message],
    choose: Callable[..., MailChoices],
    chosen: str,
    sent: list[str],
) -> None:
    register(group=REMINDERS, may_digest=False)
    choose(reminders=chosen)
    for name in ("day", "hour"):
        posted(f"reminder:{name}", params={"reminder": name})
    drain(at=NINE)
    assert sorted(Message.objects.sent().values_list("params__reminder", flat=True)) == sent


# --- Quiet hours


def test_quiet_hours_hold_back_until_they_end_and_the_mail_bears_the_new_date(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], choose: Callable[..., MailChoices]
) -> None:
    register()
    choose(**QUIET)
    message = posted(due_at=TEN_AT_NIGHT)
    assert [drain(at=TEN_AT_NIGHT), drain(at=SEVEN - MINUTE), drain(at=SEVEN)] == [0, 0, 1]
    assert end(message) == SEVEN
    assert sink.taken[0].mail["Date"] == "Sat, 02 Mar 2030 07:00:00 +0000"


def test_quiet_hours_are_those_where_the_person_is(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], ben: Any
) -> None:
    register()
    MailChoices.objects.create(person=ben, **QUIET)
    message = posted(to=ben, due_at=TEN_AT_NIGHT)  # five in the afternoon in New York
    drain(at=TEN_AT_NIGHT)
    assert end(message) == TEN_AT_NIGHT


def test_what_is_urgent_passes_quiet_hours(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], choose: Callable[..., MailChoices]
) -> None:
    register(is_urgent=lambda message, at: True)
    choose(**QUIET)
    message = posted(due_at=TEN_AT_NIGHT)
    drain(at=TEN_AT_NIGHT)
    assert end(message) == TEN_AT_NIGHT


@pytest.mark.parametrize(("expires_at", "comes_at"), [(SEVEN, TEN_AT_NIGHT), (SEVEN + MINUTE, SEVEN)])
def test_what_would_be_too_late_after_quiet_hours_goes_at_once(
    sink: Sink,
    register: Callable[..., Kind],
    posted: Callable[..., Message],
    choose: Callable[..., MailChoices],
    expires_at: datetime,
    comes_at: datetime,
) -> None:
    register()
    choose(**QUIET)
    message = posted(due_at=TEN_AT_NIGHT, expires_at=expires_at)
    drain(at=TEN_AT_NIGHT)
    drain(at=SEVEN)
    assert end(message) == comes_at


def test_what_may_have_been_sent_once_is_not_held_back(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], choose: Callable[..., MailChoices]
) -> None:
    register()
    choose(**QUIET)
    message = posted(due_at=TEN_AT_NIGHT - HOUR - MINUTE)
    sink.answers["DATA"].append(DROP_THE_LINE)
    drain(at=TEN_AT_NIGHT - HOUR - MINUTE)
    drain(at=TEN_AT_NIGHT)
    assert end(message) == TEN_AT_NIGHT
    assert len({received.content for received in sink.arrived}) == 1


# --- A pause


def test_in_a_pause_what_cannot_wait_is_dropped_and_what_can_comes_on_its_last_day(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], choose: Callable[..., MailChoices]
) -> None:
    register(group=NUDGES)
    from outbox import digests

    digests.register_kind()
    choose(paused_until=date(2030, 3, 5))
    short, long = posted("short", expires_at=NINE + DAY), posted("long")
    drain(at=NINE)
    assert end(short) == DropReason.MAIL_PAUSED
    eight = datetime(2030, 3, 5, 8, tzinfo=NINE.tzinfo)
    assert [drain(at=eight - MINUTE), drain(at=eight)] == [0, 1]
    assert end(long) == eight


def test_a_pause_that_is_over_is_none(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], choose: Callable[..., MailChoices]
) -> None:
    register(group=NUDGES)
    choose(paused_until=date(2030, 3, 1))
    message = posted()
    drain(at=NINE)
    assert end(message) == NINE


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("mail_at_once_daily_or_never", {"nudges": "weekly"}),
        ("known_reminders", {"reminders": "week"}),
        ("quiet_hours_begin_and_end", {"quiet_from": time(9)}),
        ("quiet_hours_begin_and_end", {"quiet_from": time(9), "quiet_until": time(9)}),
    ],
)
def test_the_database_refuses(choose: Callable[..., MailChoices], rule: str, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=rule):
        choose(**fields)
