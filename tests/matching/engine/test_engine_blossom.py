import random

import networkx
import pytest

from matching.engine.blossom import NOBODY, Matcher

Edges = dict[tuple[int, int], int]


def random_edges(rng: random.Random, vertices: int) -> Edges:
    density, spread, base = rng.random(), rng.choice([2, 5, 20, 1000]), rng.choice([0, 0, 5000, 10**30])
    pairs = ((u, v) for u in range(vertices) for v in range(u + 1, vertices))
    return {pair: 2 * (base + rng.randint(1, spread)) for pair in pairs if rng.random() < density}


def neighbours_of(vertices: int, edges: Edges) -> list[dict[int, int]]:
    around: list[dict[int, int]] = [{} for _ in range(vertices)]
    for (u, v), weight in edges.items():
        around[u][v] = around[v][u] = weight
    return around


def weight_proven_best(edges: Edges, matcher: Matcher) -> int:
    mates = list(enumerate(matcher.mate))
    assert all(matcher.mate[mate] == v for v, mate in mates if mate != NOBODY)
    prices = matcher.prices()
    assert all(y >= 0 for y in prices.y)
    for (u, v), weight in edges.items():
        around = sum(z for members, z in prices.sets if u in members and v in members)
        assert prices.y[u] + prices.y[v] + around >= weight
    weight = sum(edges[v, mate] for v, mate in mates if v < mate)
    assert weight == prices.bound()
    return weight


@pytest.mark.parametrize("seed", range(300))
def test_as_heavy_as_networkx_finds(seed: int) -> None:
    rng = random.Random(seed)
    vertices = rng.randint(0, 60)
    edges = random_edges(rng, vertices)
    around = neighbours_of(vertices, edges)
    higher = rng.choice([0, 0, 7])  # prices may begin too high, and need not be of one parity
    y = [max(near.values(), default=0) // 2 + rng.randint(0, higher) for near in around]
    matcher = Matcher(around, y, [NOBODY] * vertices)
    matcher.run(range(vertices))
    graph = networkx.Graph()
    graph.add_weighted_edges_from((u, v, weight) for (u, v), weight in edges.items())
    best = networkx.max_weight_matching(graph)
    assert weight_proven_best(edges, matcher) == sum(edges[min(pair), max(pair)] for pair in best)
