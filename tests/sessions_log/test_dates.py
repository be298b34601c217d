"""Leave and hours of single dates: what they do to free times, and their page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from buddying.models import DayHours, Leave, Person
from matching.engine import Policy
from matching.models import Pairing
from matching.snapshot import problem_of
from sessions_log.availability import mutual_free, suits_everybody
from sessions_log.free_times import Interval, whole_days
from sessions_log.models import CoachingSession

As = Callable[[Person | None], Client]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PAGE = "sessions_log:dates"


@pytest.fixture
def monday(now: datetime) -> date:
    return now.date() + timedelta(days=14 - now.weekday())


@pytest.fixture(autouse=True)
def in_utc(ada: Person, ben: Person, office_hours: Any) -> None:
    for person in (ada, ben):
        person.time_zone = "UTC"
        person.save()
    office_hours(ada, ben)


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC) + hour * HOUR


def free(people: list[Person], day: date, days: int = 1) -> list[tuple[int, int]]:
    """Free hours, counted from the first midnight."""
    start = at(day, 0)
    found = mutual_free(people, Interval(start, start + days * DAY))
    return [(int((one.start - start) / HOUR), int((one.end - start) / HOUR)) for one in found]


# --- what they do to free times


def test_nothing_is_free_on_days_away(ada: Person, ben: Person, monday: date) -> None:
    Leave.objects.create(person=ben, first_day=monday, last_day=monday + DAY)
    assert free([ada, ben], monday, days=3) == [(57, 65)]
    assert free([ada], monday) == [(9, 17)]


def test_more_hours_and_fewer_on_a_date(ada: Person, ben: Person, monday: date) -> None:
    for person in (ada, ben):
        DayHours.objects.create(person=person, day=monday, starts_at=time(18), minutes=120, kind="free")
    DayHours.objects.create(person=ben, day=monday, starts_at=time(9), minutes=180, kind="busy")
    assert free([ada, ben], monday) == [(12, 17), (18, 20)]
    assert free([ada], monday) == [(9, 17), (18, 20)]
    assert free([ada, ben], monday + DAY) == [(9, 17)]


def test_leave_is_stronger_than_more_hours(ada: Person, monday: date) -> None:
    Leave.objects.create(person=ada, first_day=monday, last_day=monday)
    DayHours.objects.create(person=ada, day=monday, starts_at=time(18), minutes=120, kind="free")
    assert free([ada], monday) == []


def test_days_are_those_of_the_persons_own_zone(ada: Person, monday: date) -> None:
    ada.time_zone = "Pacific/Auckland"
    ada.save()
    DayHours.objects.create(person=ada, day=monday, starts_at=time(8), minutes=60, kind="free")
    here = datetime.combine(monday, time(8), tzinfo=ada.zone).astimezone(UTC)
    assert suits_everybody([ada], Interval(here, here + HOUR))
    Leave.objects.create(person=ada, first_day=monday, last_day=monday)
    assert not suits_everybody([ada], Interval(here, here + HOUR))
    tomorrow = here + DAY + HOUR
    assert suits_everybody([ada], Interval(tomorrow, tomorrow + HOUR))


@given(
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia"]),
    st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    st.integers(0, 9),
    st.integers(-36, 36 + 9 * 24),
)
def test_an_instant_is_away_just_on_those_days(name: str, first: date, length: int, hours: int) -> None:
    zone, last = ZoneInfo(name), first + length * DAY
    moment = datetime.combine(first, time(), tzinfo=UTC) + hours * HOUR
    away = whole_days(first, last, zone, Interval(moment - 30 * DAY, moment + 30 * DAY))
    assert any(one.start <= moment < one.end for one in away) == (first <= moment.astimezone(zone).date() <= last)


def test_matching_does_not_look_at_single_dates(pairing: Pairing, ada: Person, ben: Person, monday: date) -> None:
    before = problem_of(pairing.cohort, Policy())
    Leave.objects.create(person=ada, first_day=monday - 60 * DAY, last_day=monday + 60 * DAY)
    DayHours.objects.create(person=ben, day=monday, starts_at=time(18), minutes=120, kind="free")
    assert problem_of(pairing.cohort, Policy()) == before


@pytest.mark.parametrize(
    ("model", "fields", "rule"),
    [
        (Leave, {"first_day": date(2027, 1, 2), "last_day": date(2027, 1, 1)}, "leave_ends_on_or_after_its_first_day"),
        (DayHours, {"day": date(2027, 1, 2), "starts_at": time(9), "minutes": 5, "kind": "free"}, "day_hours_last"),
        (DayHours, {"day": date(2027, 1, 2), "starts_at": time(9), "minutes": 60, "kind": "x"}, "day_hours_are_free"),
    ],
)
def test_rules_of_the_rows(ada: Person, model: Any, fields: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        model.objects.create(person=ada, **fields)


# --- the page


def leave(first: date, last: date | str = "") -> dict[str, str]:
    return {"leave-first_day": str(first), "leave-last_day": str(last)}


def test_saying_that_one_is_away(ada: Person, ben: Person, monday: date, as_: As) -> None:
    for _ in range(2):  # a double click
        as_(ada).post(reverse("sessions_log:add_leave"), leave(monday, monday + 4 * DAY))
    row = Leave.objects.get()
    assert (row.person, row.first_day, row.last_day) == (ada, monday, monday + 4 * DAY)
    assert f"{monday:%A} {monday.day} {monday:%B}" in as_(ada).get(reverse(PAGE)).content.decode()
    assert f"{monday:%A} {monday.day} {monday:%B}" not in as_(ben).get(reverse(PAGE)).content.decode()
    assert as_(ben).post(reverse("sessions_log:remove_leave", args=[row.pk])).status_code == 404
    as_(ada).post(reverse("sessions_log:remove_leave", args=[row.pk]))
    assert not Leave.objects.exists()


def test_one_day_needs_no_last_day(ada: Person, monday: date, as_: As) -> None:
    as_(ada).post(reverse("sessions_log:add_leave"), leave(monday))
    assert Leave.objects.get().last_day == monday


def test_what_is_no_leave_is_said_and_stays_typed(ada: Person, monday: date, as_: As) -> None:
    for sent, words in (
        (leave(monday, monday - DAY), "before the first"),
        (leave(monday - 90 * DAY, monday - 80 * DAY), "over already"),
        (leave(monday, monday + 366 * DAY), "At most a year"),
        (leave(date(9998, 1, 1), date(9998, 1, 2)), "next two years"),
        ({"leave-first_day": "", "leave-last_day": ""}, "required"),
    ):
        answer = as_(ada).post(reverse("sessions_log:add_leave"), sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        assert f'value="{sent["leave-first_day"]}"' in page or not sent["leave-first_day"]
    assert not Leave.objects.exists()


def test_sessions_in_that_time_are_shown_and_not_moved(
    ada: Person, ben: Person, session: CoachingSession, as_: As
) -> None:
    starts_at, day = session.starts_at, session.starts_at.date()
    answer = as_(ada).post(reverse("sessions_log:add_leave"), leave(day, day), follow=True)
    page = answer.content.decode()
    assert "1 session is booked in that time" in page
    assert reverse("sessions_log:move", args=[session.pk]) in page
    session.refresh_from_db()
    assert session.starts_at == starts_at


def test_hours_of_a_date(ada: Person, monday: date, session: CoachingSession, as_: As) -> None:
    sent = {"hours-kind": "free", "hours-day": str(monday), "hours-starts_at": "18:00", "hours-minutes": "120"}
    as_(ada).post(reverse("sessions_log:add_hours"), sent)
    row = DayHours.objects.get()
    assert (row.kind, row.day, row.starts_at, row.minutes, row.length) == ("free", monday, time(18), 120, "2 hours")
    again = as_(ada).post(reverse("sessions_log:add_hours"), sent)
    assert "already have hours that start then" in again.content.decode()
    meets = {"hours-kind": "busy", "hours-day": str(session.starts_at.date()), "hours-minutes": "1440"}
    page = as_(ada).post(reverse("sessions_log:add_hours"), meets | {"hours-starts_at": "00:00"}, follow=True)
    assert "1 session is booked in that time" in page.content.decode()
    as_(ada).post(reverse("sessions_log:remove_hours", args=[row.pk]))
    assert DayHours.objects.count() == 1


def test_a_strange_date_is_refused(ada: Person, as_: As) -> None:
    for day in ("0001-01-01", "9999-12-31", "nonsense", ""):
        sent = {"hours-kind": "free", "hours-day": day, "hours-starts_at": "18:00", "hours-minutes": "120"}
        assert as_(ada).post(reverse("sessions_log:add_hours"), sent).status_code == 422


def test_what_was_typed_is_not_left_behind_without_a_word(ada: Person, as_: As) -> None:
    page = as_(ada).get(reverse(PAGE)).content.decode()
    forms = re.findall(r'<form class="form"[^>]*>', page)
    assert (len(forms), [form for form in forms if "data-warn-unsaved" not in form]) == (3, [])


def test_the_page_costs_the_same_with_one_leave_and_with_three(
    ada: Person, monday: date, session: CoachingSession, as_: As
) -> None:
    counts = []
    as_(ada).get(reverse(PAGE))
    for number in (1, 2, 3):
        Leave.objects.create(person=ada, first_day=monday + number * DAY, last_day=monday + number * DAY)
        with CaptureQueriesContext(connection) as captured:
            as_(ada).get(reverse(PAGE))
        counts.append(len(captured))
    assert counts[0] == counts[1] == counts[2]
