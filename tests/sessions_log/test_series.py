from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier

import pytest
from django.db import connection

from buddying.models import Cohort, Participant, Person
from matching.models import Pairing
from outbox.models import Message
from sessions_log.booking import Refused, cancel
from sessions_log.models import CoachingSession, Seat, Series, Word
from sessions_log.series import DatesTaken, book_series, cancel_from, later_ones

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


@pytest.fixture
def starts(now: datetime) -> list[datetime]:
    """Four Tuesdays at ten, two weeks apart."""
    day = now.date() + timedelta(days=7 + (1 - now.weekday()) % 7)
    return [datetime.combine(day, time(10), tzinfo=UTC) + number * 2 * WEEK for number in range(4)]


@pytest.fixture
def series(pairing: Pairing, ada: Person, starts: list[datetime]) -> list[CoachingSession]:
    return book_series(pairing, starts, 60, "Room 4", 2, by=ada)


@pytest.fixture
def of_ben_and_cleo(
    ben: Person,
    cleo: Person,
    make_cohort: Callable[..., Cohort],
    make_pairing: Callable[..., Pairing],
    take_part: Callable[..., Participant],
) -> Pairing:
    autumn = make_cohort("Autumn")
    return make_pairing(take_part(ben, autumn), take_part(cleo, autumn))


def test_each_date_is_a_session_of_its_own(series: list[CoachingSession], starts: list[datetime]) -> None:
    assert [one.starts_at for one in series] == starts
    assert len({one.uid for one in series}) == 4
    (made,) = Series.objects.all()
    assert {one.series for one in series} == {made}
    assert made.weeks == 2
    assert Seat.objects.filter(released_at=None).count() == 8


def test_each_has_invitations_and_reminders_of_its_own(series: list[CoachingSession]) -> None:
    for one in series:
        kinds = list(Message.objects.filter(about_id=str(one.pk)).values_list("kind", flat=True))
        assert sorted(kinds) == sorted(["session_booked"] * 2 + ["session_reminder"] * 4 + ["log_your_session"] * 2)


def test_the_same_series_sent_twice_is_one(
    series: list[CoachingSession], pairing: Pairing, ada: Person, starts: list[datetime]
) -> None:
    assert book_series(pairing, starts, 60, "Room 4", 2, by=ada) == series
    assert (CoachingSession.objects.count(), Series.objects.count()) == (4, 1)


def test_a_lost_date_is_named_and_nothing_is_half_done(
    pairing: Pairing,
    ada: Person,
    starts: list[datetime],
    of_ben_and_cleo: Pairing,
    make_session: Callable[..., CoachingSession],
) -> None:
    make_session(of_ben_and_cleo, starts[2] + HOUR / 2)
    with pytest.raises(DatesTaken, match=f"^[A-Z][a-z]+day {starts[2].day} .* has just been taken") as taken:
        book_series(pairing, starts, 60, "", 2, by=ada, word="Until Tuesday")
    assert taken.value.starts == [starts[2]]
    assert not CoachingSession.objects.filter(pairing=pairing).exists()
    assert not Series.objects.exists()
    assert not Word.objects.exists()
    assert not Message.objects.exists()


def test_all_lost_dates_are_named_at_once(
    pairing: Pairing,
    ada: Person,
    starts: list[datetime],
    of_ben_and_cleo: Pairing,
    make_session: Callable[..., CoachingSession],
) -> None:
    for start in starts[:2]:
        make_session(of_ben_and_cleo, start)
    with pytest.raises(DatesTaken, match="have just been taken") as taken:
        book_series(pairing, starts, 60, "", 2, by=ada)
    assert taken.value.starts == starts[:2]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda starts: [], "nothing to book"),
        (lambda starts: [*starts, starts[0] + HOUR / 2], "overlap"),
        (lambda starts: [*starts, starts[0] + 60 * WEEK], "ends on"),
        (lambda starts: [*starts, starts[0] - 60 * WEEK], "has passed"),
        (lambda starts: [starts[0] + number * 2 * HOUR for number in range(31)], "at most 30"),
    ],
)
def test_what_makes_no_series_is_refused(
    pairing: Pairing,
    ada: Person,
    starts: list[datetime],
    change: Callable[[list[datetime]], list[datetime]],
    words: str,
) -> None:
    with pytest.raises(Refused, match=words):
        book_series(pairing, change(starts), 60, "", 2, by=ada)
    assert not CoachingSession.objects.exists()


def test_only_members_book_a_series(pairing: Pairing, cleo: Person, dora: Person, starts: list[datetime]) -> None:
    for stranger in (cleo, dora):
        with pytest.raises(Refused, match="Only the members"):
            book_series(pairing, starts, 60, "", 2, by=stranger)


def test_cancelling_one_leaves_the_others(series: list[CoachingSession], ben: Person) -> None:
    cancel(series[1], by=ben)
    standing = CoachingSession.objects.standing().order_by("starts_at")
    assert list(standing) == [series[0], series[2], series[3]]


def test_this_and_all_later_ones(series: list[CoachingSession], ben: Person) -> None:
    cancel(series[2], by=ben)
    assert cancel_from(series[1], ben, word="I change jobs") == 2
    assert list(CoachingSession.objects.standing()) == [series[0]]
    assert {word.session_id for word in Word.objects.all()} == {series[1].pk, series[3].pk}
    assert later_ones(series[0]) == []


def test_what_is_over_stays(series: list[CoachingSession], ben: Person, starts: list[datetime]) -> None:
    assert later_ones(series[0], at=starts[1] + 2 * HOUR) == series[2:]


def test_only_members_cancel_the_rest(series: list[CoachingSession], cleo: Person) -> None:
    with pytest.raises(Refused, match="Only the members"):
        cancel_from(series[0], cleo)
    assert CoachingSession.objects.standing().count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_series_after_the_same_dates(
    pairing: Pairing, of_ben_and_cleo: Pairing, ada: Person, cleo: Person, starts: list[datetime]
) -> None:
    """Ada and Cleo each want the same four dates of Ben's, in other orders: one gets all, the other nothing."""
    both_are_ready = Barrier(2)

    def attempt(pair: Pairing, by: Person, dates: list[datetime]) -> str:
        try:
            both_are_ready.wait(timeout=20)
            book_series(pair, dates, 60, "", 2, by=by)
        except DatesTaken as taken:
            return f"lost {len(taken.starts)}"
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(2) as pool:
        outcomes = [
            pool.submit(attempt, pairing, ada, starts),
            pool.submit(attempt, of_ben_and_cleo, cleo, starts[::-1]),
        ]
        assert sorted(outcome.result() for outcome in outcomes) == ["booked", "lost 4"]
    assert CoachingSession.objects.count() == 4
