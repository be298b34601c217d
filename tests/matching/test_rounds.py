"""Rounds without repeats, and what the next cohort knows."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import engine
from matching.engine.rounds import plan_rounds
from matching.models import MatchRun
from matching.snapshot import problem_of
from tests.matching.engine.engine_cohorts import problems
from trust.models import AccessRecord

pytestmark = pytest.mark.usefixtures("quiet_broker")


def met(plans: tuple[engine.Plan, ...]) -> Counter[frozenset[str]]:
    pairings = [pairing for plan in plans for pairing in plan.pairings]
    return Counter(frozenset(two) for pairing in pairings for two in combinations(pairing.members, 2))


def people(count: int) -> engine.Problem:
    return engine.Problem(tuple(engine.Person(str(number)) for number in range(count)))


@settings(max_examples=40, deadline=None)
@given(problem=problems(), rounds=st.integers(1, 4))
def test_nobody_meets_the_same_person_twice(problem: engine.Problem, rounds: int) -> None:
    plans = plan_rounds(problem, rounds)
    assert len(plans) == rounds
    assert set(met(plans).values()) <= {1}


@settings(max_examples=40, deadline=None)
@given(problem=problems())
def test_every_round_keeps_to_the_rules(problem: engine.Problem) -> None:
    """What could not be a pairing in the first round is one in no later round."""
    refused = {frozenset(pair) for pair in problem.refusals + problem.forbidden}
    before = {frozenset(two) for past in problem.past for two in combinations(past.members, 2) if past.cohorts_ago == 0}
    later = plan_rounds(problem, 3)[1:]
    assert not set(met(later)) & (refused | before)


@pytest.mark.parametrize("count", [2, 4, 8, 20])
def test_half_of_the_possible_rounds_always_work(count: int) -> None:
    """Each has more than half of the others left to meet, so a perfect round exists (Dirac)."""
    plans = plan_rounds(people(count), count // 2)
    assert [plan.summary["unplaced"] for plan in plans] == [0] * (count // 2)


def test_who_is_left_over_comes_first_in_the_next_round() -> None:
    waiting = engine.Policy(odd="wait")
    problem = engine.Problem(tuple(engine.Person(str(number)) for number in range(5)), policy=waiting)
    left = [plan.unplaced[0].person_id for plan in plan_rounds(problem, 2)]
    assert left[0] != left[1]


def test_progress_rises_over_all_rounds() -> None:
    shares: list[float] = []
    plan_rounds(people(6), 3, lambda share, message: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(("within", "may_meet"), [(None, True), (1, False), (2, False)])
def test_the_next_cohort_knows_past_pairings(
    published: MatchRun, make_cohort: Any, take_part: Any, four: Any, within: int | None, may_meet: bool
) -> None:
    """Ada and Ben were a pair in spring; in autumn only they two take part."""
    autumn = make_cohort("Autumn", days_since_start=-100)
    for name in ("Ada", "Ben"):
        take_part(four[name].person, autumn)
    rules = engine.HardRules(no_repeat_within=within)
    problem = problem_of(autumn, engine.Policy(rules=rules))
    assert [past.cohorts_ago for past in problem.past] == [1]
    assert bool(engine.solve(problem).pairings) is may_meet


def test_cohorts_are_counted_back(
    published: MatchRun, make_cohort: Any, take_part: Any, make_pairing: Any, four: Any
) -> None:
    """One cohort lies between, and one that starts on the same day is not this one."""
    make_cohort("Between", days_since_start=-50)
    autumn = make_cohort("Autumn", days_since_start=-100)
    make_cohort("Autumn, the other", days_since_start=-100)
    both = [take_part(four[name].person, autumn) for name in ("Ada", "Ben")]
    assert [past.cohorts_ago for past in problem_of(autumn, engine.Policy()).past] == [3]
    make_pairing(*both).close()
    assert sorted(past.cohorts_ago for past in problem_of(autumn, engine.Policy()).past) == [0, 3]


def test_a_cohort_of_another_programme_is_not_known(
    published: MatchRun, make_cohort: Any, take_part: Any, four: Any, dora: Any
) -> None:
    from buddying.models import Programme

    other = Programme.objects.create(name="Other", template="x", purpose="y", created_by=dora)
    autumn = make_cohort("Autumn", days_since_start=-100)
    autumn.programme = other
    autumn.save()
    for name in ("Ada", "Ben"):
        take_part(four[name].person, autumn)
    assert problem_of(autumn, engine.Policy()).past == ()


def test_the_command_writes_a_table(four: Any, cohort: Any, capsys: Any) -> None:
    four["Ada"].person.name = "=Ada"
    four["Ada"].person.save()
    call_command("plan_rounds", str(cohort.pk), rounds=3)
    written = capsys.readouterr()
    lines = written.out.splitlines()
    assert lines[0] == "round,pairing,member_ids,names,reasons"
    assert [line[:3] for line in lines[1:]] == ["1,1", "1,2", "2,1", "2,2", "3,1", "3,2"]
    assert "'=Ada; Ben" in written.out
    assert "Round 3: 4 people paired." in written.err
    assert not MatchRun.objects.exists()


@pytest.mark.parametrize(
    ("number", "rounds", "words"), [(0, 3, "There is no cohort with the number 0"), (None, 0, "Ask for 1 to 52")]
)
def test_the_command_says_what_is_wrong(four: Any, cohort: Any, number: int | None, rounds: int, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("plan_rounds", str(cohort.pk if number is None else number), rounds=rounds)


def test_the_page_draws_them_up(four: Any, cohort: Any, dora: Any, ada: Any, as_: Any) -> None:
    lead = as_(dora)
    assert "Round 1" not in lead.get(f"/cohorts/{cohort.pk}/rounds/").content.decode()
    page = lead.get(f"/cohorts/{cohort.pk}/rounds/?rounds=3").content.decode()
    assert ("Round 3" in page, "Round 4" in page, "named" in page) == (True, False, False)
    assert AccessRecord.objects.filter(viewer=dora, subject=ada).exists()
    assert lead.get(f"/cohorts/{cohort.pk}/rounds/?rounds=99").status_code == 422
    file = lead.get(f"/cohorts/{cohort.pk}/rounds/?rounds=3&as=csv")
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert len(file.content.decode().splitlines()) == 7


@pytest.mark.parametrize("address", ["rounds/?rounds=3", "rounds/?rounds=3&as=csv"])
def test_a_lead_who_takes_part_draws_up_no_rounds(
    four: Any, cohort: Any, dora: Any, take_part: Any, as_: Any, address: str
) -> None:
    """Over enough rounds everybody is once missing beside them, but for whoever refused them."""
    take_part(dora, cohort)
    page = as_(dora).get(f"/cohorts/{cohort.pk}/{address}").content.decode()
    assert ("You take part in this cohort yourself" in page, "Round 1" in page) == (True, False)
