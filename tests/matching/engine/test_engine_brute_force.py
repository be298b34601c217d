from itertools import combinations

from hypothesis import HealthCheck, given, settings

from matching.engine import Problem, solve, verify
from tests.matching.engine.engine_cohorts import SlowReading, problems


@given(problems())
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_plan_of_up_to_ten_people_is_better(problem: Problem) -> None:
    plan = solve(problem)
    slow = SlowReading(problem)
    members = [pairing.members for pairing in plan.pairings]
    placed = sorted(a for group in members for a in group)
    unused = [person.id for person in problem.people if person.stand_in and person.id not in placed]
    assert sorted(placed + unused + [who.person_id for who in plan.unplaced]) == slow.ids
    assert all(slow.allowed(a, b) for group in members for a, b in combinations(group, 2))
    assert slow.aims_of_plan(plan) == slow.best()
    verify(problem, plan)
