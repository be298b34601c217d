"""What is asked of all pairs, compiled, against the same asked block by block."""

import random
from collections import Counter

import numpy as np
import pytest

from matching.engine import Policy, Problem, compiled, solve
from matching.engine.problem import cleaned
from matching.engine.rules import Rules
from matching.engine.table import Table
from matching.engine.verifier import Proof
from matching.engine.weights import Weights
from tests.matching.engine.engine_cohorts import random_cohort

pytest.importorskip("numba", reason="the compiled half needs numba")

from matching.engine.fast_pricing import best_candidates
from matching.engine.large import least_slacks_in, pairs_near, scorer_of
from matching.engine.nest import Nest
from matching.engine.two_words import in_two

pytestmark = pytest.mark.usefixtures("compiled_engine")


@pytest.fixture(params=[61, 60])
def people(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(params=["nominations-first", "balanced"])
def problem(request: pytest.FixtureRequest, people: int, monkeypatch: pytest.MonkeyPatch) -> Problem:
    monkeypatch.setattr(compiled, "LARGE", 0)
    return random_cohort(people, seed=4, policy=Policy(order=request.param))


def weights_of(problem: Problem) -> Weights:
    table = Table(cleaned(problem)[0])
    return Weights(table, Rules(table))


def proofs_of(problem: Problem) -> list[Proof]:
    weights = weights_of(problem)
    return [Proof(weights, entry) for entry in solve(problem).certificate["prices"]]


@pytest.mark.parametrize("with_sets", [True, False])
def test_the_compiled_look_at_all_pairs_finds_what_the_other_finds(problem: Problem, with_sets: bool) -> None:
    proofs = proofs_of(problem)
    assert any(proof.z for proof in proofs)
    for proof in proofs:
        for limit in (0, 1, 500, 10**6, 10**22):
            fast = list(proof._pairs_below(limit, with_sets))
            scorer, proof.weights.scorer = proof.weights.scorer, None
            assert sorted(fast) == sorted(proof._pairs_below(limit, with_sets))
            proof.weights.scorer = scorer


def test_a_price_too_low_is_found(problem: Problem, people: int) -> None:
    proof = proofs_of(problem)[0]
    for v in range(people):
        low = [y - 2 * (k == v) for k, y in enumerate(proof.y)]
        proof.own = in_two([y - 2 * place for y, place in zip(low, proof.weights.place, strict=True)])
        # v has a tight pair, unless they are the one left over
        assert list(proof._pairs_below(0, with_sets=True)) or proof.y[v] == 0


def test_pairs_of_least_slack(problem: Problem, people: int) -> None:
    for proof in proofs_of(problem):
        weights, nest = proof.weights, nest_of(proof)
        rng = random.Random(1)
        y = [price - 2 * rng.randrange(300) * (rng.random() < 0.3) for price in proof.y]
        slacks = slacks_without_bonus(proof, y)
        line = sorted(range(people), key=lambda v: (y[v] - 2 * weights.place[v], v))
        a, b, soft, objecting = least_slacks_in(weights, in_two(y), nest, 400, 5)
        found = Counter(zip(a.tolist(), b.tolist(), strict=True))
        assert set(found.values()) <= {1}
        assert all(slacks[pair] < 400 for pair in found)
        assert [weights.soft(*pair) for pair in found] == soft.tolist()
        for v in range(people):
            mine = sorted(slacks[v, other] for other in looked_at_by(v, line) if (v, other) in slacks)
            assert sorted(slacks[pair] for pair in found if pair[0] == v) == [s for s in mine if s < 400][:5]
        assert (objecting > 0) == any(slack < 0 for slack in slacks.values())


def test_the_search_for_trios_starts_from_the_pairs_that_the_verifier_walks(problem: Problem) -> None:
    for proof in proofs_of(problem):
        for limit in (0, 300, 10**6, 10**22):
            near = pairs_near(proof.weights, proof.y, limit, 10_000)
            assert near is not None
            unnamed = {pair for pair in proof._pairs_below(limit, with_sets=False) if pair not in proof.weights.named}
            assert unnamed == set(map(tuple, near.tolist())) - set(proof.weights.named)
            assert len(near) == 0 or pairs_near(proof.weights, proof.y, limit, len(near) - 1) is None


def looked_at_by(v: int, line: list[int]) -> set[int]:
    """Every second of those in front of v and every second of those behind: of each two, one looks at the other."""
    place = line.index(v)
    return {
        other for k, other in enumerate(line) if (k < place and (place - k) % 2 == 0) or (k > place and (k - place) % 2)
    }


def slacks_without_bonus(proof: Proof, y: list[int]) -> dict[tuple[int, int], int]:
    weights, everyone = proof.weights, slice(0, len(y))
    pairable, soft = weights.block(everyone)
    high, low = proof._shared(everyone)
    place = weights.place
    return {
        (a, b): y[a] + y[b] + (int(high[a, b]) << 60) + int(low[a, b]) - 2 * (place[a] + place[b] + int(soft[a, b]))
        for a, b in np.argwhere(pairable).tolist()
    }


def nest_of(proof: Proof) -> Nest:
    """The sets of a certificate come smallest first, those of a nest largest first."""
    last = len(proof.z) - 1
    turned = np.array([-1 if out < 0 else last - out for out in [*proof.smallest, *reversed(proof.around)]])
    high, low = (part[:-1][::-1].copy() for part in proof._totals)
    return Nest(turned[: len(proof.y)].copy(), turned[len(proof.y) :].copy(), high, low)


@pytest.mark.parametrize(("most", "window"), [(3, 10_000), (3, 20), (100, 10_000)])
def test_best_candidates(problem: Problem, people: int, most: int, window: int) -> None:
    weights = weights_of(problem)
    best, soft = best_candidates(scorer_of(weights).columns, most, window)
    pairable, scores = weights.block(slice(0, people))
    for a in range(people):
        near = [(a + step) % people for step in range(1, min(window, people)) if pairable[a, (a + step) % people]]
        found = best[a][best[a] >= 0].tolist()
        assert set(found) <= set(near)
        assert [scores[a, b] for b in found] == soft[a][best[a] >= 0].tolist()
        assert sorted(soft[a][best[a] >= 0], reverse=True) == sorted(scores[a, near], reverse=True)[:most]


def test_prices_beyond_all_bounds_are_looked_at_without_the_compiler(problem: Problem) -> None:
    weights = weights_of(problem)
    entry = solve(problem).certificate["prices"][0]
    entry["sets"][-1]["z"] += 1 << 200
    proof = Proof(weights, entry)
    assert not list(proof._pairs_below(0, with_sets=True))
    assert proof.bound > 1 << 200
