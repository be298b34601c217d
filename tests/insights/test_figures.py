"""Weeks, departments, files and drawings: small pure things, and who is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from buddying.models import Cohort, Participant, Person
from insights import drawing
from insights.departments import OTHERS, Reached, merged
from insights.sheets import Sheet, as_csv, guarded
from insights.weeks import rhythm_of
from matching.models import Pairing
from sessions_log.models import CoachingSession

Pairs = Callable[..., list[Pairing]]


@given(st.lists(st.integers(1, 30), max_size=8))
def test_no_number_of_a_department_is_below_five_nor_is_what_is_left(sizes: list[int]) -> None:
    shown = merged(Reached(f"D{number}", size) for number, size in enumerate(sizes))
    assert all(one.people >= 5 for one in shown)
    total = sum(sizes)
    assert sum(one.people for one in shown) == (total if total >= 5 else 0)


def test_small_departments_are_one_and_fill_it_up() -> None:
    assert merged([Reached("A", 9), Reached("B", 6), Reached("C", 2)]) == [Reached("A", 9), Reached(OTHERS, 8)]
    assert merged([Reached("A", 4)]) == merged([]) == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "  =1", "|cmd", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    assert [guarded(cell) for cell in (-3, 2.5, "3 - 1", "", "Care")] == [-3, 2.5, "3 - 1", "", "Care"]


def test_a_file_is_the_table() -> None:
    file = as_csv(Sheet("path", "Path", ["Step", "People"], [["Joined", 7], ["=Paired", "fewer than 5"]]), "spring")
    assert file.content.decode("utf-8-sig") == "Step,People\r\nJoined,7\r\n'=Paired,fewer than 5\r\n"
    assert file.headers["Content-Disposition"] == 'attachment; filename="spring-path.csv"'


@pytest.mark.parametrize(
    ("most", "top"),
    [(0, "2"), (2, "2"), (3, "4"), (7, "8"), (9, "10"), (11, "20"), (900, "1k"), (4300, "6k"), (1_200_000, "2M")],
)
def test_the_axis_ends_at_a_round_number_that_finds_room_beside_it(most: int, top: str) -> None:
    ticks = drawing.columns([("1", most, 0)]).ticks
    assert ticks[-1].label == top
    assert all(len(tick.label) <= 4 for tick in ticks)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=60))
def test_columns_stay_within_the_picture(bars: list[tuple[int, int]]) -> None:
    drawn = drawing.columns([(str(n), max(pair), min(pair)) for n, pair in enumerate(bars)])
    for one in drawn.columns:
        assert drawing.LEFT <= one.x <= one.x + one.width <= 100.01
        assert drawing.TOP <= one.outer_top <= one.inner_top <= drawing.FLOOR
    assert sum(1 for one in drawn.columns if one.label) <= drawing.LABELS


def test_a_band_is_as_wide_as_its_share_and_narrows_to_the_next() -> None:
    first, second, third = drawing.bands([("A", 40, ""), ("B", 10, ""), ("C", "fewer than 5", "")], 40)
    assert (first.left, first.width, second.left, second.width, third.width) == (0, 100, 37.5, 25, 0)
    assert first.narrowing == "0.0,0 100.0,0 62.5,10 37.5,10"
    assert second.narrowing == ""


def test_nothing_narrows_to_or_from_a_number_that_is_not_shown() -> None:
    bands = drawing.bands([("A", 40, ""), ("B", "fewer than 5", ""), ("C", 20, "")], 40)
    assert [band.narrowing for band in bands] == ["", "", ""]


@pytest.mark.parametrize(("number", "shown"), [(0, False), (2, False), (3, True)])
def test_weeks_show_only_of_five_people(cohort: Cohort, pairs: Pairs, dora: Person, number: int, shown: bool) -> None:
    pairs(number)
    assert (rhythm_of(cohort, dora, timezone.now()) is not None) is shown


def test_sessions_stand_in_their_week_beside_the_plan(cohort: Cohort, pairs: Pairs, dora: Person) -> None:
    three, now = pairs(3), timezone.now()
    for pairing in three[:2]:
        CoachingSession.objects.create(pairing=pairing, starts_at=now, held_at=now)
    CoachingSession.objects.create(pairing=three[2], starts_at=now)
    CoachingSession.objects.create(pairing=three[2], starts_at=now + timedelta(hours=1), cancelled_at=now)
    CoachingSession.objects.create(pairing=three[2], starts_at=now + timedelta(days=14))
    found = rhythm_of(cohort, dora, now)
    assert found is not None
    assert {week.number: (week.booked, week.held) for week in found.weeks if week.booked} == {2: (3, 2), 4: (1, 0)}
    assert (len(found.weeks), found.plan) == (14, 1.3)  # 3 pairs, 6 sessions, 92 days


def test_a_lead_sees_nothing_of_their_own_pair_in_the_weeks(
    cohort: Cohort,
    pairs: Pairs,
    dora: Person,
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
) -> None:
    pairs(2)
    make_pairing(take_part(dora, cohort), take_part(Person.objects.create(name="Buddy"), cohort))
    assert rhythm_of(cohort, dora, timezone.now()) is None
