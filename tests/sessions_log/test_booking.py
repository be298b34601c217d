from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from buddying.models import Cohort, Participant, Person
from matching.models import Pairing
from outbox.models import Message
from sessions_log import booking, seats
from sessions_log.booking import Refused, TimeTaken, book, cancel, move
from sessions_log.models import CoachingSession, Seat

HOUR = timedelta(hours=1)


@pytest.fixture
def soon(now: datetime) -> datetime:
    """A Tuesday at ten, one to two weeks ahead."""
    day = now.date() + timedelta(days=7 + (1 - now.weekday()) % 7)
    return datetime.combine(day, time(10), tzinfo=UTC)


def test_a_booking_is_a_session_with_a_seat_for_each(
    pairing: Pairing, ada: Person, ben: Person, soon: datetime
) -> None:
    session = book(pairing, soon, 60, "Room 4", by=ada)
    assert (session.starts_at, session.minutes, session.place, session.sequence) == (soon, 60, "Room 4", 0)
    assert (session.ends_at, session.booked_by) == (soon + HOUR, ada)
    seats = Seat.objects.filter(session=session)
    assert {seat.person for seat in seats} == {ada, ben}
    assert {(seat.period.lower, seat.period.upper) for seat in seats} == {(soon, soon + HOUR)}


def test_the_same_booking_sent_twice_is_one(pairing: Pairing, ada: Person, ben: Person, soon: datetime) -> None:
    first = book(pairing, soon, 60, "Room 4", by=ada)
    again = book(pairing, soon, 60, "Room 5", by=ben)
    assert again == first
    assert again.place == "Room 4"
    assert CoachingSession.objects.count() == 1


def test_only_members_book(pairing: Pairing, cleo: Person, dora: Person, eve: Person, soon: datetime) -> None:
    for stranger in (cleo, dora, eve):
        with pytest.raises(Refused, match="Only the members"):
            book(pairing, soon, 60, "", by=stranger)
    assert not CoachingSession.objects.exists()


def test_a_closed_pairing_books_nothing(pairing: Pairing, ada: Person, soon: datetime) -> None:
    pairing.close()
    with pytest.raises(Refused, match="has ended"):
        book(pairing, soon, 60, "", by=ada)


def test_a_condition_of_a_higher_floor_is_said(
    pairing: Pairing, ada: Person, soon: datetime, conditions: list[Any]
) -> None:
    conditions += [lambda _: None, lambda _: "Sign your agreement first."]
    with pytest.raises(Refused, match=r"^Sign your agreement first\.$"):
        book(pairing, soon, 60, "", by=ada)


def test_not_in_the_past(pairing: Pairing, ada: Person, now: datetime) -> None:
    for starts_at in (now - HOUR, now):
        with pytest.raises(Refused, match="has passed"):
            book(pairing, starts_at, 60, "", by=ada, at=now)


def test_until_the_last_day_of_the_cohort(pairing: Pairing, ada: Person) -> None:
    day = pairing.cohort.ends_on
    evening = datetime.combine(day, time(22), tzinfo=pairing.cohort.zone)
    assert book(pairing, evening, 60, "", by=ada)
    with pytest.raises(Refused, match=f"Spring ends on {day.day} "):
        book(pairing, evening + timedelta(hours=2), 60, "", by=ada)


def test_after_the_end_nothing_is_booked(pairing: Pairing, ada: Person, soon: datetime) -> None:
    later = datetime.combine(pairing.cohort.ends_on + timedelta(days=2), time(9), tzinfo=UTC)
    with pytest.raises(Refused, match="ended on"):
        book(pairing, later + HOUR, 60, "", by=ada, at=later)


@pytest.mark.parametrize("minutes", [0, 14, 241])
def test_a_session_has_a_sensible_length(pairing: Pairing, ada: Person, soon: datetime, minutes: int) -> None:
    with pytest.raises(Refused, match="between 15 minutes and 4 hours"):
        book(pairing, soon, minutes, "", by=ada)


def test_a_taken_time_comes_with_the_next_free_ones(
    pairing: Pairing, ada: Person, ben: Person, soon: datetime, now: datetime, office_hours: Callable[..., None]
) -> None:
    office_hours(ada, ben)
    book(pairing, soon, 60, "", by=ada)
    with pytest.raises(TimeTaken) as taken:
        book(pairing, soon + HOUR / 2, 60, "", by=ben)
    times = taken.value.next_times
    assert len(times) == 3
    assert all(start > now and not soon - HOUR < start < soon + HOUR for start in times)
    assert CoachingSession.objects.count() == 1


def test_one_after_the_other_is_no_overlap(pairing: Pairing, ada: Person, soon: datetime) -> None:
    book(pairing, soon, 60, "", by=ada)
    assert book(pairing, soon + HOUR, 60, "", by=ada)


def test_nobody_is_booked_twice_over_all_their_pairings(
    pairing: Pairing,
    ada: Person,
    cleo: Person,
    soon: datetime,
    make_cohort: Callable[..., Cohort],
    make_pairing: Callable[..., Pairing],
    take_part: Callable[..., Participant],
) -> None:
    autumn = make_cohort("Autumn")
    other = make_pairing(take_part(ada, autumn), take_part(cleo, autumn))
    book(pairing, soon, 60, "", by=ada)
    with pytest.raises(TimeTaken):
        book(other, soon, 60, "", by=cleo)


def test_the_database_has_the_last_word(session: CoachingSession, ada: Person, pairing: Pairing) -> None:
    other = CoachingSession.objects.create(pairing=pairing, starts_at=session.starts_at)
    with pytest.raises(IntegrityError, match="nobody_is_booked_twice"), transaction.atomic():
        Seat.objects.create(session=other, person=ada, period=(session.starts_at, session.ends_at))


def test_a_move_raises_the_sequence_and_takes_the_seats_along(
    session: CoachingSession, ben: Person, soon: datetime
) -> None:
    moved = move(session, soon, 90, "Park", by=ben)
    moved.refresh_from_db()
    assert (moved.sequence, moved.starts_at, moved.minutes, moved.place) == (1, soon, 90, "Park")
    periods = {(seat.period.lower, seat.period.upper) for seat in moved.seats.all()}
    assert periods == {(soon, soon + 1.5 * HOUR)}
    move(moved, soon + HOUR, 90, "Park", by=ben)
    assert moved.sequence == 2


def test_a_move_to_where_it_is_changes_nothing(session: CoachingSession, ada: Person) -> None:
    before = Message.objects.count()
    move(session, session.starts_at, session.minutes, session.place, by=ada)
    session.refresh_from_db()
    assert session.sequence == 0
    assert Message.objects.count() == before


def test_a_move_over_its_own_time_is_free(session: CoachingSession, ada: Person) -> None:
    start = session.starts_at
    assert move(session, start + HOUR / 2, 60, "", by=ada).starts_at == start + HOUR / 2


def test_a_refused_move_leaves_the_session_where_it_is(
    pairing: Pairing, session: CoachingSession, ada: Person, soon: datetime
) -> None:
    book(pairing, soon, 60, "", by=ada)
    start = session.starts_at
    with pytest.raises(TimeTaken):
        move(session, soon, 60, "", by=ada)
    assert (session.starts_at, session.sequence) == (start, 0)
    session.refresh_from_db()
    assert (session.starts_at, session.sequence) == (start, 0)


def test_what_is_over_is_neither_moved_nor_cancelled(
    over: CoachingSession, session: CoachingSession, ada: Person, soon: datetime, now: datetime
) -> None:
    CoachingSession.objects.filter(pk=session.pk).update(held_at=now)
    for done in (over, session):
        with pytest.raises(Refused, match="is over"):
            move(done, soon, 60, "", by=ada)
        with pytest.raises(Refused, match="is over"):
            cancel(done, by=ada)


def test_only_members_move_and_cancel(session: CoachingSession, cleo: Person, dora: Person, soon: datetime) -> None:
    for stranger in (cleo, dora):
        with pytest.raises(Refused, match="Only the members"):
            move(session, soon, 60, "", by=stranger)
        with pytest.raises(Refused, match="Only the members"):
            cancel(session, by=stranger)


def test_a_cancellation_releases_the_seats(
    pairing: Pairing, session: CoachingSession, ada: Person, ben: Person, now: datetime
) -> None:
    cancel(session, by=ben, at=now)
    session.refresh_from_db()
    assert (session.cancelled_at, session.cancelled_by, session.sequence) == (now, ben, 1)
    assert not session.seats.filter(released_at=None).exists()
    assert book(pairing, session.starts_at, 60, "", by=ada) != session


def test_a_cancelled_session_stays_cancelled(
    session: CoachingSession, ada: Person, ben: Person, soon: datetime
) -> None:
    cancel(session, by=ben)
    cancel(session, by=ada)
    assert (session.cancelled_by, session.sequence) == (ben, 1)
    with pytest.raises(Refused, match="was cancelled"):
        move(session, soon, 60, "", by=ada)


def test_members_of_a_closed_pairing_change_nothing(session: CoachingSession, ada: Person, soon: datetime) -> None:
    session.pairing.close()
    with pytest.raises(Refused, match="has ended"):
        move(session, soon, 60, "", by=ada)
    with pytest.raises(Refused, match="has ended"):
        cancel(session, by=ada)


def test_what_a_closed_pairing_leaves_behind_is_cancelled(
    session: CoachingSession, over: CoachingSession, ada: Person, now: datetime
) -> None:
    session.pairing.close()
    booking.cancel_what_stands_in_closed_pairings()
    booking.cancel_what_stands_in_closed_pairings()
    session.refresh_from_db()
    over.refresh_from_db()
    assert session.cancelled_at
    assert session.cancelled_by is None
    assert session.sequence == 1
    assert over.cancelled_at is None
    assert not Seat.objects.filter(person=ada, released_at=None, session=session).exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_after_one_slot(
    ada: Person,
    soon: datetime,
    make_person: Callable[..., Person],
    make_cohort: Callable[..., Cohort],
    make_pairing: Callable[..., Pairing],
    take_part: Callable[..., Participant],
) -> None:
    """Ada has twenty buddies in twenty cohorts; all of them want the same hour. One gets it, nobody waits for ever."""
    rivals = []
    for number in range(20):
        cohort = make_cohort(f"Cohort {number}")
        buddy = make_person(f"Rival{number:02}")
        rivals.append((make_pairing(take_part(ada, cohort), take_part(buddy, cohort)), buddy))
    everybody_is_ready = Barrier(len(rivals))

    def attempt(rival: tuple[Pairing, Person]) -> type[Exception] | None:
        try:
            everybody_is_ready.wait(timeout=20)
            book(rival[0], soon, 60, "", by=rival[1])
        except Exception as error:
            return type(error)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(rivals)) as pool:
        outcomes = list(pool.map(attempt, rivals))
    assert sorted(map(str, outcomes)) == sorted(map(str, [None] + [TimeTaken] * 19))
    assert Seat.objects.filter(person=ada).count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_double_clicks_are_one_session(pairing: Pairing, ada: Person, soon: datetime) -> None:
    def click(_: int) -> int:
        try:
            return book(pairing, soon, 60, "", by=ada).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(click, range(10)))) == 1
    assert CoachingSession.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_ring_of_moves_meets_in_no_deadlock(
    now: datetime,
    make_person: Callable[..., Person],
    make_cohort: Callable[..., Cohort],
    make_pairing: Callable[..., Pairing],
    take_part: Callable[..., Participant],
    make_session: Callable[..., CoachingSession],
) -> None:
    """Six people in a ring of pairings, whose sessions all move about at once."""
    people = [make_person(f"Ring{number}") for number in range(6)]
    sessions = []
    for number, person in enumerate(people):
        cohort = make_cohort(f"Ring {number}")
        pair = make_pairing(take_part(person, cohort), take_part(people[number - 1], cohort))
        sessions.append((make_session(pair, now + timedelta(days=2 + number)), person))

    def wander(one: tuple[CoachingSession, Person]) -> None:
        try:
            for step in range(8):
                try:
                    move(one[0], now + timedelta(days=10, hours=step % 3), 60, "", by=one[1])
                except TimeTaken:
                    continue
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(wander, sessions))
    assert Seat.objects.filter(released_at=None).count() == 12


def test_people_are_locked_in_the_order_of_their_numbers(
    pairing: Pairing, ada: Person, ben: Person, soon: datetime
) -> None:
    Person.objects.filter(pk=ada.pk).update(name="Zoe")  # by name Ben comes first now, by number he does not
    with CaptureQueriesContext(connection) as captured:
        book(pairing, soon, 60, "", by=ben)
    (lock,) = (query["sql"] for query in captured if "pg_advisory_xact_lock" in query["sql"])
    assert f"ARRAY[{seats.LOCKS + ada.pk},{seats.LOCKS + ben.pk}]" in lock
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT number, pg_advisory_xact_lock(number) FROM unnest(ARRAY[3, 1, 2]) AS number")
        assert [number for number, _ in cursor.fetchall()] == [3, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_told_to_try_again(pairing: Pairing, ada: Person, ben: Person, soon: datetime) -> None:
    is_held, may_go = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [seats.LOCKS + ben.pk])
                is_held.set()
                may_go.wait(timeout=20)
        finally:
            connection.close()

    holder = Thread(target=hold)
    holder.start()
    is_held.wait(timeout=20)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    try:
        with pytest.raises(Refused, match="Please try again"):
            book(pairing, soon, 60, "", by=ada)
    finally:
        may_go.set()
        holder.join()
        connection.close()
    assert book(pairing, soon, 60, "", by=ada)
