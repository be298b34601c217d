"""What a pair is reminded of by itself: posted from the rows, once for its occasion, asked again at delivery."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Participant, Person
from matching.models import Pairing, Pause
from outbox.kinds import kind_of
from outbox.models import Message
from sessions_log.models import CoachingSession, Commitment
from sessions_log.nudges import GAP, post_what_is_due

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    """Noon: nobody sleeps in London."""
    return datetime.combine(timezone.now().date(), time(12), tzinfo=UTC)


@pytest.fixture
def held(pairing: Pairing, make_session: Callable[..., CoachingSession], now: datetime) -> CoachingSession:
    return make_session(pairing, now - 5 * DAY, held_at=now - 5 * DAY)


def promise(session: CoachingSession, author: Person, text: str = "Read the book", **fields: Any) -> Commitment:
    return Commitment.objects.create(
        pairing=session.pairing, session=session, author=author, text=text, made_at=session.ends_at, **fields
    )


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("recipient__name", flat=True))


def letter_of(kind: str, person: Person) -> Any:
    message = Message.objects.get(kind=kind, recipient=person)
    return kind_of(kind).compose(message)


# --- Commitments before the next session


@pytest.fixture
def coming(pairing: Pairing, make_session: Callable[..., CoachingSession], now: datetime) -> CoachingSession:
    return make_session(pairing, now + 2 * DAY - HOUR)


def test_two_days_before_a_session_whoever_has_commitments_open_is_told_once(
    held: CoachingSession, coming: CoachingSession, ada: Person, ben: Person, now: datetime
) -> None:
    promise(held, ada)
    promise(held, ada)
    promise(held, ben, done_at=now)
    for at in (now - 2 * HOUR, now, now + HOUR, now + 3 * HOUR):
        post_what_is_due(at)
    assert told("commitments_open") == ["Ada"]
    assert Message.objects.get().due_at == now


def test_a_mail_says_how_many_and_not_what(
    held: CoachingSession, coming: CoachingSession, ada: Person, now: Any
) -> None:
    promise(held, ada, "Ask Cleo for feedback")
    post_what_is_due(now)
    letter = letter_of("commitments_open", ada)
    assert letter.subject == "Before you meet Ben: 1 commitment open"
    assert "Ask Cleo" not in letter.text + letter.html
    assert letter.url.endswith(f"/sessions/{coming.pk}/")


@pytest.mark.parametrize("before", [2 * DAY + timedelta(minutes=1), 25 * HOUR - timedelta(minutes=1), -HOUR])
def test_not_too_early_nor_with_the_days_reminder(
    held: CoachingSession, coming: CoachingSession, ada: Person, before: timedelta
) -> None:
    promise(held, ada)
    post_what_is_due(coming.starts_at - before)
    assert told("commitments_open") == []


def test_at_night_it_waits_for_the_morning(
    held: CoachingSession, pairing: Pairing, make_session: Callable[..., CoachingSession], ada: Person, now: datetime
) -> None:
    promise(held, ada)
    make_session(pairing, now + 2 * DAY + 14 * HOUR)
    post_what_is_due(now + 14 * HOUR)
    due_at = Message.objects.get().due_at
    assert due_at.astimezone(ada.zone).time() == time(8)
    assert timedelta(0) < due_at - (now + 14 * HOUR) < 8 * HOUR


def test_what_is_done_meanwhile_is_not_mentioned(
    held: CoachingSession, coming: CoachingSession, ada: Person, now: datetime
) -> None:
    one = promise(held, ada)
    post_what_is_due(now)
    one.mark(done=True)
    assert letter_of("commitments_open", ada) is None


def test_nobody_is_nudged_in_a_pause(
    held: CoachingSession, coming: CoachingSession, ada: Person, participants: dict[str, Participant], now: datetime
) -> None:
    promise(held, ada)
    post_what_is_due(now)
    Pause.objects.create(participant=participants["Ada"], paused_at=now - DAY, until=now + 9 * DAY)
    assert letter_of("commitments_open", ada) is None


# --- No session booked for three weeks


@pytest.fixture
def quiet(participants: dict[str, Participant], make_pairing: Callable[..., Pairing], now: datetime) -> Pairing:
    """Of Ada and Ben, opened sixty days ago, in a cohort that has run for fifty."""
    cohort = participants["Ada"].cohort
    cohort.starts_on, cohort.ends_on = (now - 50 * DAY).date(), (now + 40 * DAY).date()
    cohort.sign_up_opens_on = cohort.nominations_close_on = cohort.pairs_published_on = cohort.starts_on - 9 * DAY
    cohort.save()
    return make_pairing(participants["Ada"], participants["Ben"], opened_at=now - 55 * DAY)


def test_both_are_told_three_weeks_after_the_last_session_and_once(
    quiet: Pairing, make_session: Callable[..., CoachingSession], now: datetime
) -> None:
    last = make_session(quiet, now - 30 * DAY, held_at=now - 30 * DAY)
    post_what_is_due(last.ends_at + GAP - HOUR)
    assert told("nothing_booked") == []
    for days in (0, 1, 9):
        post_what_is_due(last.ends_at + GAP + days * DAY)
    assert told("nothing_booked") == ["Ada", "Ben"]


def test_the_next_gap_is_another_occasion(
    quiet: Pairing, make_session: Callable[..., CoachingSession], now: datetime
) -> None:
    make_session(quiet, now - 46 * DAY)
    post_what_is_due(now - 24 * DAY)
    make_session(quiet, now - 23 * DAY)
    post_what_is_due(now)
    assert told("nothing_booked") == ["Ada", "Ada", "Ben", "Ben"]


def test_who_has_never_met_is_told_three_weeks_after_the_start(quiet: Pairing, now: datetime) -> None:
    post_what_is_due(now - 30 * DAY)
    assert told("nothing_booked") == []
    post_what_is_due(now - 28 * DAY)
    assert told("nothing_booked") == ["Ada", "Ben"]


def test_a_booking_ends_the_gap_also_when_it_comes_after_the_mail_was_posted(
    quiet: Pairing, make_session: Callable[..., CoachingSession], ada: Person, now: datetime
) -> None:
    post_what_is_due(now)
    letter = letter_of("nothing_booked", ada)
    assert letter.subject == "Find a time with Ben"
    assert letter.url.endswith(f"/pairings/{quiet.pk}/")
    make_session(quiet, now + 5 * DAY)
    assert letter_of("nothing_booked", ada) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pairing, now: pairing.close(),
        lambda pairing, now: type(pairing.cohort).objects.update(ends_on=(now - 2 * DAY).date()),
        lambda pairing, now: Pause.objects.create(
            participant=pairing.members.first().participant, paused_at=now - DAY, until=now + 9 * DAY
        ),
        lambda pairing, now: Pause.objects.create(
            participant=pairing.members.last().participant, paused_at=now - 40 * DAY, until=now - 3 * DAY
        ),
    ],
    ids=["closed", "cohort over", "one pauses", "one is just back"],
)
def test_neither_is_told_where_it_would_be_out_of_place(
    quiet: Pairing, now: datetime, spoil: Callable[[Pairing, datetime], Any]
) -> None:
    spoil(quiet, now)
    post_what_is_due(now)
    assert told("nothing_booked") == []


def test_looking_takes_as_many_queries_for_one_pair_that_was_told_as_for_none_that_meets(
    quiet: Pairing, make_session: Callable[..., CoachingSession], now: datetime, django_assert_num_queries: Any
) -> None:
    make_session(quiet, now - DAY)
    with django_assert_num_queries(2):
        post_what_is_due(now)
