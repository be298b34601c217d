"""The four published data sets beside the repository, with the bounds that their page prints."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from matching.engine import HardRules, Nomination, Person, Policy, Problem, solve, verify
from matching.engine.__main__ import main
from matching.engine.reading import read_choices, read_people

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the data sets are not there (../shared/data)")
SETS = ("krackhardt_hightech", "lazega_lawfirm", "newcomb_fraternity", "email_eu_core")


def ties(folder: str, kind: str) -> tuple[tuple[Person, ...], tuple[Nomination, ...]]:
    """People and all their ties of one kind."""
    people = read_people(DATA / folder / "people.csv", {})
    choices = read_choices(DATA / folder / "nominations.csv", people, kind, "auto", 0, {})
    return people, choices.nominations


@pytest.mark.parametrize(
    ("folder", "kind", "mutual", "either"),
    [
        ("krackhardt_hightech", "advice", 10, 20),
        ("krackhardt_hightech", "friendship", 10, 18),
        ("lazega_lawfirm", "friendship", 42, 52),
        ("lazega_lawfirm", "cowork", 44, 60),
    ],
)
def test_people_that_disjoint_pairs_can_cover(folder: str, kind: str, mutual: int, either: int) -> None:
    people, nominations = ties(folder, kind)
    named = {(n.from_id, n.to_id) for n in nominations}
    policy = Policy(odd="wait", rules=HardRules(department="different"))
    for both, expected in ((True, mutual), (False, either)):
        apart = tuple(
            (a.id, b.id)
            for a, b in combinations(people, 2)
            if ((a.id, b.id) in named) + ((b.id, a.id) in named) < 1 + both
        )
        problem = Problem(people, nominations, forbidden=apart, policy=policy)
        plan = solve(problem)
        verify(problem, plan)
        assert plan.summary["placed"] == expected


@pytest.mark.parametrize(("week", "pairs_of_ranks"), [(0, 31), (1, 39), (2, 38), (3, 31)])
def test_least_mean_rank_of_the_fraternity(week: int, pairs_of_ranks: int) -> None:
    """1.938, 2.438, 2.375 and 1.938 are these sums of ranks over 16 people."""
    people, nominations = ties("newcomb_fraternity", f"preference_week_{week:02}")
    rank = {(n.from_id, n.to_id): n.rank or 0 for n in nominations}
    problem = Problem(people, nominations, policy=Policy(odd="wait"))
    plan = solve(problem)
    verify(problem, plan)
    pairs = [pairing.members for pairing in plan.pairings]
    assert sum(rank[a, b] + rank[b, a] for a, b in pairs) == pairs_of_ranks


def test_the_managers_become_nine_pairs_and_a_trio() -> None:
    people, _ = ties("krackhardt_hightech", "friendship")
    choices = read_choices(DATA / "krackhardt_hightech" / "nominations.csv", people, "friendship", "auto", 3, {})
    problem = Problem(people, choices.nominations)
    plan = solve(problem)
    verify(problem, plan)
    assert sorted(len(pairing.members) for pairing in plan.pairings) == [2] * 9 + [3]
    manager = {person.id: person.manager_id for person in people}
    for pairing in plan.pairings:
        assert not any(manager[a] == b or manager[b] == a for a, b in combinations(pairing.members, 2))


@pytest.mark.parametrize("folder", SETS)
def test_the_command_takes_the_set_as_it_lies_there(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = [str(DATA / folder / name) for name in ("people.csv", "nominations.csv")]
    assert main([*tables, "--out", str(tmp_path / "pairs.csv")]) == 0
    said = capsys.readouterr().err.splitlines()
    people = len(read_people(DATA / folder / "people.csv", {}))
    assert said[0] == f"placed: {people} of {people} people in {people // 2} pairings (trios: 1)"
    assert said[-1] == "optimal: yes"


def test_one_rule_more_can_leave_the_lawyers_fewer_choices_but_still_a_proof() -> None:
    people, nominations = ties("lazega_lawfirm", "friendship")
    rules = HardRules(department="different", same_place=True)
    problem = replace(Problem(people, nominations), policy=Policy(rules=rules))
    plan = solve(problem)
    verify(problem, plan)
    assert plan.summary["optimal"]
