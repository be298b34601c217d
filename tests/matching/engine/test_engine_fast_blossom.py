"""The compiled search on graphs of any kind: its matching is as heavy as any, and its prices prove it."""

import random

import networkx
import numpy as np
import pytest

from matching.engine.blossom import NOBODY
from tests.matching.engine.test_engine_blossom import Edges, random_edges

pytest.importorskip("numba", reason="the compiled half needs numba")

from matching.engine import fast_blossom, fast_halves
from matching.engine.fast_start import highest_half
from matching.engine.fast_state import Search, new_search, prices_of
from matching.engine.nest import NestedPrices, nest_of
from matching.engine.two_words import Two, in_one, in_two

pytestmark = pytest.mark.usefixtures("compiled_engine")

Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def rows_of(vertices: int, edges: Edges) -> Rows:
    both = sorted((*way, weight) for (u, v), weight in edges.items() for way in ((u, v), (v, u)))
    one, other = (np.array([row[k] for row in both], dtype=np.int64) for k in (0, 1))
    first = np.searchsorted(one, np.arange(vertices + 1))
    return first, other, *in_two([weight for _, _, weight in both])


def searched(rows: Rows, y: Two, mates: np.ndarray) -> Search:
    search = new_search(rows, y, mates)
    fast_blossom.run(search, np.arange(len(mates)))
    return search


def weight_proven_best(edges: Edges, search: Search) -> int:
    mate = search.vertex["mate"].tolist()
    assert all(mate[other] == v for v, other in enumerate(mate) if other != NOBODY)
    prices = NestedPrices(tuple(in_one(*prices_of(search))), nest=nest_of(search))
    assert all(y >= 0 for y in prices.y) and all(z > 0 for z in prices.z)
    members: list[set[int]] = []
    for direct, inner, _ in prices.nested():
        members.append(set(direct).union(*(members[number] for number in inner)))
    z = [row[2] for row in prices.nested()]
    assert all(len(some) % 2 == 1 for some in members)
    for (u, v), weight in edges.items():
        around = sum(price for some, price in zip(members, z, strict=True) if u in some and v in some)
        assert prices.y[u] + prices.y[v] + around >= weight
    weight = sum(edges[v, other] for v, other in enumerate(mate) if v < other)
    assert weight == prices.bound()
    return weight


def heaviest(edges: Edges) -> int:
    graph = networkx.Graph()
    graph.add_weighted_edges_from((u, v, weight) for (u, v), weight in edges.items())
    return sum(edges[min(pair), max(pair)] for pair in networkx.max_weight_matching(graph))


@pytest.mark.parametrize("seed", range(400))
def test_as_heavy_as_networkx_finds(seed: int) -> None:
    """From nothing, so that there are many trees and deep nests, or from halves."""
    rng = random.Random(seed)
    vertices = rng.randint(1, 60)
    edges = random_edges(rng, vertices)
    rows = rows_of(vertices, edges)
    higher = rng.choice([0, 0, 7])  # prices may begin too high, and need not be of one parity
    y = highest_half(*rows)
    y = in_two([price + rng.randint(0, higher) for price in in_one(*y)])
    mates = np.full(vertices, NOBODY, dtype=np.int64)
    if seed % 2:
        fast_halves.run(*rows, *y, mates)
    assert weight_proven_best(edges, searched(rows, y, mates)) == heaviest(edges)


def test_odd_rings_that_hang_together_by_weak_edges() -> None:
    """Rings of three in a row: each must give one person to a neighbour, whatever it costs."""
    for rings in range(2, 30):
        edges = {}
        for k in range(rings):
            a, b, c = 3 * k, 3 * k + 1, 3 * k + 2
            edges |= {(a, b): 200, (b, c): 200, (a, c): 200}
            if k:
                edges[3 * k - 1, a] = 2 * k
        rows = rows_of(3 * rings, edges)
        mates = np.full(3 * rings, NOBODY, dtype=np.int64)
        y = highest_half(*rows)
        fast_halves.run(*rows, *y, mates)
        assert weight_proven_best(edges, searched(rows, y, mates)) == heaviest(edges)
