from __future__ import annotations

from collections.abc import Callable
from datetime import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buddying.availability import DAY, PARTS, WEEK, Hours, hours_of, merged, replace_week, ticks_and_rest, week_of
from buddying.models import Person, WeeklyWindow

some_hours = st.builds(Hours, st.integers(0, 6), st.integers(0, DAY - 1), st.integers(1, DAY))
weeks = st.lists(some_hours, max_size=12)
ticks = st.sets(st.tuples(st.integers(0, 6), st.sampled_from([part.slug for part in PARTS])))


def minutes(hours: list[Hours]) -> set[int]:
    return {(one.weekday * DAY + one.begins + minute) % WEEK for one in hours for minute in range(one.minutes)}


@given(weeks)
def test_merging_keeps_every_minute_and_leaves_nothing_that_touches(week: list[Hours]) -> None:
    result = merged(week)
    assert minutes(result) == minutes(week)
    assert sum(one.minutes for one in result) == len(minutes(week))
    assert all(one.begins + one.minutes <= DAY for one in result)
    same_day = pairwise(result)
    assert all(a.begins + a.minutes < b.begins for a, b in same_day if a.weekday == b.weekday)


@given(weeks)
def test_merging_again_changes_nothing(week: list[Hours]) -> None:
    assert merged(merged(week)) == merged(week)


@given(weeks)
def test_the_editor_shows_a_week_without_losing_a_minute(week: list[Hours]) -> None:
    assert hours_of(*ticks_and_rest(week)) == merged(week)


@given(ticks)
def test_what_was_ticked_is_shown_as_ticked(ticked: set[tuple[int, str]]) -> None:
    assert ticks_and_rest(hours_of(ticked, [])) == (ticked, [])


def test_what_lies_beside_the_ticks_is_left_as_exact_hours() -> None:
    assert ticks_and_rest([Hours(0, 8 * 60 + 30, 4 * 60 + 30)]) == (
        {(0, "morning")},
        [Hours(0, 8 * 60 + 30, 30), Hours(0, 12 * 60, 60)],
    )


@pytest.mark.django_db
def test_a_week_is_replaced_and_the_same_week_keeps_its_rows(make_person: Callable[..., Person]) -> None:
    ada, ben = make_person("Ada"), make_person("Ben")
    replace_week(ben, [Hours(0, 540, 60)])
    replace_week(ada, [Hours(2, 540, 60), Hours(2, 600, 30), Hours(6, DAY - 30, 60)])
    rows = list(WeeklyWindow.objects.filter(person=ada).values_list("weekday", "starts_at", "minutes"))
    assert rows == [(0, time(0), 30), (2, time(9), 90), (6, time(23, 30), 30)]
    before = set(WeeklyWindow.objects.values_list("pk", flat=True))
    replace_week(ada, week_of(ada))
    assert set(WeeklyWindow.objects.values_list("pk", flat=True)) == before
    replace_week(ada, [])
    assert week_of(ada) == []
    assert week_of(ben) == [Hours(0, 540, 60)]
