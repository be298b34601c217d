"""Many pairings at once by the same rule as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from matching.models import Pairing, Pause
from sessions_log.models import CoachingSession
from sessions_log.nudges import GAP, quiet_since
from sessions_log.quiet import quiet

DAYS = [-60, -22, -20, 3]


@pytest.fixture
def long_ago(make_cohort: Callable[..., Cohort]) -> Cohort:
    return make_cohort("Long ago", days_since_start=50)


@pytest.mark.parametrize("opened", [-70, -10])
@pytest.mark.parametrize("session", [None, *DAYS])
@pytest.mark.parametrize("pause", [None, (-40, -30), (-40, -5), (-2, 9)])
def test_it_agrees_with_the_rule_for_one(
    long_ago: Cohort,
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
    opened: int,
    session: int | None,
    pause: tuple[int, int] | None,
) -> None:
    now = timezone.now()
    people = [take_part(make_person(name), long_ago) for name in ("Yan", "Zoe")]
    pairing = make_pairing(*people, opened_at=now + timedelta(days=opened))
    if session is not None:
        CoachingSession.objects.create(pairing=pairing, starts_at=now + timedelta(days=session))
    if pause is not None:
        begun, until = (now + timedelta(days=days) for days in pause)
        Pause.objects.create(participant=people[0], paused_at=begun, until=until)
    since = quiet_since(pairing, now)
    assert quiet(long_ago, now).exists() is (since is not None and since <= now - GAP)


def test_not_before_the_cohort_has_run_for_three_weeks_nor_after_its_end(
    cohort: Cohort, make_cohort: Callable[..., Cohort], pairing: Pairing
) -> None:
    assert not quiet(cohort, timezone.now()).exists()
    assert quiet(cohort, timezone.now() + timedelta(days=30)).exists()
    assert not quiet(cohort, timezone.now() + timedelta(days=100)).exists()
