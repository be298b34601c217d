"""What the compiled search reads and writes: vertices, blossoms, labels, edges and trees, a row of numbers for each.

Numbers with a `_high` and a `_low` are held in two parts (`two_words`).

- The edges of vertex v are the rows first_edge[v] .. first_edge[v + 1], by ascending neighbour; each edge stands there
  in both directions, and `twin` is the row of the other one.
- A blossom's number is that of its vertex if it is one, and n or more if it is not. The children of a blossom are a
  ring: `after` and `before` are a child's siblings, and the edge to the next one runs from `own` to `theirs`.
- The vertices of a blossom are a chain, from its `head` by `chain` to its `tail`, in which those of each child lie
  together; so a blossom that opens leaves its children's chains whole.
- All vertices of an outermost blossom carry one label, and what they have all gained or lost is written there, once.
- The outermost blossoms of a tree are a list from `first` by `next`. A tree's number is that of its root. The trees
  that stand are a list from FIRST_TREE by `next`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .blossom import NOBODY
from .two_words import FAR, Array, Two


def _row(names: str) -> np.dtype[np.void]:
    return np.dtype([(name, np.int64) for name in names.split()])


VERTEX = _row("y_high y_low label mate chain soonest_high soonest_low")  # soonest: when an edge to it is first due
LABEL = _row("blossom gain_high gain_low")
EDGE = _row("to weight_high weight_low twin")
TREE = _row("first retire_high retire_low next previous")  # retire: when the price of an outer vertex reaches 0
BLOSSOM = _row(
    "role since_high since_low tree base parent child z_high z_low"  # since: up to when price and gain are written down
    " via_outer via_own size head tail after before own theirs mark next previous"
)
NOW_HIGH, NOW_LOW, FIRST_TREE, OUTER_VERTICES, SPARE, LABELS, MARKS = range(7)


class Search(NamedTuple):
    first_edge: Array
    edge: Array
    vertex: Array
    label: Array
    blossom: Array
    tree: Array
    spare: Array  # numbers of blossoms that may be used
    labels: Array  # labels that may be used
    state: Array  # see the names above


def new_search(edges: tuple[Array, Array, Array, Array], y: Two, mate: Array) -> Search:
    """`edges` are first_edge, to, weight_high, weight_low."""
    n = len(mate)
    room = n // 2 + 2  # more blossoms than vertices in pairs there cannot be at a time
    state = np.zeros(7, dtype=np.int64)
    state[SPARE], state[FIRST_TREE] = room, NOBODY
    return Search(
        edges[0],
        _edges(*edges),
        _filled(VERTEX, n, y_high=y[0], y_low=y[1], label=np.arange(n), mate=mate, soonest_high=FAR),
        _filled(LABEL, n, blossom=np.arange(n)),
        _blossoms(n, n + room),
        _filled(TREE, n, first=NOBODY, retire_high=FAR),
        np.arange(n + room - 1, n - 1, -1, dtype=np.int64),
        np.zeros(n, dtype=np.int64),
        state,
    )


def _edges(first: Array, to: Array, high: Array, low: Array) -> Array:
    own = np.repeat(np.arange(len(first) - 1), np.diff(first))
    twin = np.empty(len(to), dtype=np.int64)
    twin[np.lexsort((own, to))] = np.arange(len(to))
    return _filled(EDGE, len(to), to=to, weight_high=high, weight_low=low, twin=twin)


def _blossoms(n: int, size: int) -> Array:
    number = np.arange(size)
    return _filled(
        BLOSSOM, size, base=number, parent=NOBODY, child=NOBODY, size=1, head=number, tail=number, next=NOBODY,
        previous=NOBODY, tree=NOBODY,
    )  # fmt: skip


def _filled(row: np.dtype[np.void], length: int, **columns: Array) -> Array:
    rows = np.zeros(length, dtype=row)
    for name, values in columns.items():
        rows[name] = values
    return rows


def prices_of(s: Search) -> Two:
    return s.vertex["y_high"].copy(), s.vertex["y_low"].copy()
