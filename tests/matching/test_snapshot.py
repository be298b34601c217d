"""What the engine is given: who is there, what they said, and nothing about anybody else."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from buddying.models import Nomination, Person, Refusal, WeeklyWindow
from matching import engine
from matching.snapshot import lines_of_management, problem_of, to_be_matched
from matching.week import free_half_hours, reference_week

MONDAY = date(2026, 1, 5)
ZONES = ["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]


def window(weekday: int, starts_at: time, minutes: int) -> WeeklyWindow:
    return WeeklyWindow(weekday=weekday, starts_at=starts_at, minutes=minutes)


def test_nine_to_five_in_berlin_is_eight_to_four_in_utc() -> None:
    free = free_half_hours([window(0, time(9), 480)], ZoneInfo("Europe/Berlin"), MONDAY)
    assert free == frozenset(range(16, 32))


def test_the_week_is_one_that_pairs_meet_in(make_cohort: Any) -> None:
    cohort = make_cohort()
    assert 0 <= (reference_week(cohort) - cohort.starts_on).days < 7
    assert reference_week(cohort).weekday() == 0


def test_summer_time_counts() -> None:
    july = date(2026, 7, 6)
    free = free_half_hours([window(0, time(9), 60)], ZoneInfo("Europe/Berlin"), july)
    assert free == {14, 15}


def test_hours_reach_round_the_end_of_the_week() -> None:
    late_on_sunday = free_half_hours([window(6, time(23), 120)], ZoneInfo("UTC"), MONDAY)
    assert late_on_sunday == {334, 335, 0, 1}
    early_on_monday = free_half_hours([window(0, time(1), 60)], ZoneInfo("Asia/Kathmandu"), MONDAY)
    assert early_on_monday == {327}  # 19:15 to 20:15 on Sunday: one whole half-hour


def test_windows_that_touch_are_one() -> None:
    free = free_half_hours([window(0, time(9), 45), window(0, time(9, 45), 45)], ZoneInfo("UTC"), MONDAY)
    assert free == {18, 19, 20}


windows = st.lists(
    st.builds(
        window, st.integers(0, 6), st.times().map(lambda t: t.replace(second=0, microsecond=0)), st.integers(15, 1440)
    ),
    max_size=6,
)


@given(windows, st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_a_half_hour_is_free_exactly_when_all_its_minutes_are(given: list[WeeklyWindow], zone: str, day: date) -> None:
    monday, utc = day - timedelta(days=day.weekday()), ZoneInfo("UTC")
    start = datetime.combine(monday, time.min, tzinfo=utc)
    minutes: set[int] = set()
    for w in given:
        local = datetime.combine(monday + timedelta(days=w.weekday), w.starts_at, tzinfo=ZoneInfo(zone))
        first = round((local.astimezone(utc) - start) / timedelta(minutes=1))
        minutes |= {minute % 10080 for minute in range(first, first + w.minutes)}
    expected = {slot for slot in range(336) if set(range(30 * slot, 30 * slot + 30)) <= minutes}
    assert free_half_hours(given, ZoneInfo(zone), monday) == expected


def test_who_is_to_be_matched(
    four: Any, cohort: Any, eve: Any, max_: Any, olga: Any, take_part: Any, make_pairing: Any
) -> None:
    take_part(eve, cohort, joined_at=None)
    take_part(max_, cohort, left_at=timezone.now())
    take_part(olga, cohort)
    Person.objects.filter(pk=olga.pk).update(deactivated_at=timezone.now())
    assert [str(p) for p in to_be_matched(cohort)] == ["Ada", "Ben", "Cleo", "Fay"]
    make_pairing(four["Ada"], four["Ben"]).close()
    assert [str(p) for p in to_be_matched(cohort)] == ["Ada", "Ben", "Cleo", "Fay"]
    make_pairing(four["Ada"], four["Ben"])
    assert [str(p) for p in to_be_matched(cohort)] == ["Cleo", "Fay"]


def test_the_snapshot_says_what_people_said(
    four: Any, cohort: Any, ada: Any, max_: Any, take_part: Any, office_hours: Any
) -> None:
    boss = take_part(max_, cohort)
    office_hours(ada)
    Refusal.objects.create(refuser=four["Ben"], refused=four["Cleo"])
    ids = {name: str(participant.pk) for name, participant in four.items()}
    problem = problem_of(cohort, engine.Policy())
    people = {person.name: person for person in problem.people}
    assert sorted(people) == ["Ada", "Ben", "Cleo", "Fay", "Max"]
    assert (people["Ada"].manager_id, people["Ben"].manager_id) == (str(boss.pk), None)
    assert (len(people["Ada"].free), people["Ben"].free) == (80, frozenset())
    assert (people["Fay"].department, people["Fay"].level) == ("Service", 2)
    assert problem.refusals == ((ids["Ben"], ids["Cleo"]),)
    assert [(n.from_id, n.to_id, n.rank) for n in problem.nominations] == [
        (ids["Ada"], ids["Ben"], 1),
        (ids["Ben"], ids["Ada"], 1),
        (ids["Cleo"], ids["Fay"], 2),
    ]
    assert engine.Problem.from_dict(problem.to_dict()) == problem


def test_wishes_about_people_who_left_are_left_out(four: Any, cohort: Any) -> None:
    four["Fay"].left_at = timezone.now()
    four["Fay"].save()
    Refusal.objects.create(refuser=four["Cleo"], refused=four["Fay"])
    problem = problem_of(cohort, engine.Policy())
    assert len(problem.nominations) == 2
    assert problem.refusals == ()


def test_past_pairings_of_the_programme(
    four: Any, cohort: Any, ada: Any, ben: Any, eve: Any, make_cohort: Any, take_part: Any, make_pairing: Any
) -> None:
    earlier, first = make_cohort("Winter", days_since_start=100), make_cohort("Autumn", days_since_start=200)
    make_pairing(take_part(ada, earlier), take_part(ben, earlier)).close()
    make_pairing(take_part(ada, first), take_part(eve, first)).close()
    members = (str(four["Ada"].pk), str(four["Ben"].pk))
    assert problem_of(cohort, engine.Policy()).past == (engine.Past(members, 1),)


@pytest.fixture
def line(four: Any, cohort: Any, make_person: Any) -> None:
    """Ada reports to Max, who takes no part and reports to Ben; Ben reports to Cleo."""
    four["Cleo"].person.reports.add(four["Ben"].person)
    four["Ben"].person.reports.add(four["Ada"].person.manager)


@pytest.mark.parametrize(
    ("whole_line", "expected"),
    [(False, {("Ben", "Cleo")}), (True, {("Ada", "Ben"), ("Ada", "Cleo"), ("Ben", "Cleo")})],
)
def test_the_line_of_management_runs_through_people_who_take_no_part(
    four: Any, cohort: Any, line: None, whole_line: bool, expected: set[tuple[str, str]]
) -> None:
    names = {str(participant.pk): name for name, participant in four.items()}
    participants = list(to_be_matched(cohort).select_related("person"))
    found = lines_of_management(participants, whole_line=whole_line)
    assert {(names[a], names[b]) for a, b in found} == expected


def test_the_engine_walks_the_whole_line(four: Any, cohort: Any, line: None, make_draft: Any) -> None:
    run = make_draft(cohort, engine.Policy(rules=engine.HardRules(whole_line=True), odd="wait"))
    pairs = [set(p["members"]) for p in run.plan["pairings"]]
    for pair in (("Ada", "Ben"), ("Ada", "Cleo"), ("Ben", "Cleo")):
        assert {str(four[name].pk) for name in pair} not in pairs


def test_rings_of_managers_end(four: Any, cohort: Any) -> None:
    """A data error: Ada manages Ben and Ben Ada."""
    four["Ben"].person.reports.add(four["Ada"].person)
    four["Ada"].person.reports.add(four["Ben"].person)
    for whole_line in (True, False):
        policy = engine.Policy(rules=engine.HardRules(whole_line=whole_line))
        engine.solve(problem_of(cohort, policy))


@pytest.mark.parametrize("more", [0, 6])
def test_the_number_of_queries_does_not_grow(
    four: Any,
    cohort: Any,
    more: int,
    make_person: Any,
    take_part: Any,
    office_hours: Any,
    django_assert_num_queries: Any,
) -> None:
    for number in range(more):
        person = make_person(f"Person{number}", manager=four["Ada"].person)
        office_hours(person)
        Nomination.objects.create(nominator=take_part(person, cohort), nominee=four["Ben"], rank=1)
    cohort.programme  # noqa: B018
    with django_assert_num_queries(8):
        problem_of(cohort, engine.Policy(rules=engine.HardRules(whole_line=True)))


def test_topics_are_given_to_the_engine(four: Any, cohort: Any) -> None:
    ada = four["Ada"]
    ada.wants, ada.offers = ["Time", "Writing"], ["Presenting"]
    ada.save()
    said = {
        person.name: (person.wants, person.offers, person.goals)
        for person in problem_of(cohort, engine.Policy()).people
    }
    nothing: frozenset[str] = frozenset()
    both = frozenset({"Time", "Writing"})
    assert said == {
        "Ada": (both, frozenset({"Presenting"}), both),
        "Ben": (nothing, nothing, nothing),
        "Cleo": (nothing, nothing, nothing),
        "Fay": (nothing, nothing, nothing),
    }
