"""The same search as `blossom`, compiled, for cohorts whose people are counted in thousands.

Read `blossom` first: vertices, blossoms, roles and events are the same here. Two things differ.

All unmatched vertices look for their place at the same time, each with a tree of its own, by one clock. When an edge
between two trees is due, the path from root to root flips, and those two are taken down; the others stand. So no tree
need grow further than half-way to the next. Prices of all roots are made even at the start; then those of all outer
vertices are of the same parity at any time, as `blossom` needs it within one tree.

And the form: compiled code wants plain arrays (`fast_state`), numbers of bounded size (`two_words`), and not to walk
over all vertices of a blossom whenever it changes (`fast_prices`). Trees and what waits for them are in `fast_trees`,
blossoms in `fast_sets`.
"""

from __future__ import annotations

import heapq

import numpy as np

from .blossom import INNER, NOBODY, OUTER, UNTOUCHED
from .fast_prices import price, price_of_set, slack, top, write_down
from .fast_sets import flip, open_up, rebase, shrink
from .fast_state import FIRST_TREE, NOW_HIGH, NOW_LOW
from .fast_trees import OPEN, RETIRE, become_inner, become_outer, let_go, look_again, plant, take_down, was_soonest
from .kernel import njit
from .two_words import tidy


@njit(cache=True)
def run(s, vertices):
    """Find a place for each of the vertices that is unmatched and has a price."""
    events = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    events.clear()
    s.state[NOW_HIGH] = s.state[NOW_LOW] = 0
    _plant_all(s, events, vertices)
    while s.state[FIRST_TREE] != NOBODY:
        s.state[NOW_HIGH], s.state[NOW_LOW], u, number = heapq.heappop(events)
        if u == OPEN:
            if s.blossom[number].role == INNER and price_of_set(s, number) == (0, 0):
                open_up(s, events, number)
        elif u == RETIRE:
            if s.blossom[top(s, number)].role == OUTER and price(s, number) == (0, 0):
                _retire(s, events, number)
        else:
            _along(s, events, u, number)
    write_down(s)


@njit(cache=True)
def _plant_all(s, events, vertices):
    for v in vertices:
        x = s.vertex[v]
        x.y_high, x.y_low = tidy(x.y_high, x.y_low + (x.y_low & 1 if x.mate == NOBODY else 0))
    for v in vertices:
        x = s.vertex[v]
        if x.mate == NOBODY and (x.y_high > 0 or x.y_low > 0):
            plant(s, events, v)


@njit(cache=True)
def _along(s, events, u, edge):
    """The edge of vertex u, which was outer, is due."""
    v = s.edge[edge].to
    here, there = top(s, u), top(s, v)
    role = s.blossom[there].role
    if here == there or role == INNER:
        return
    if s.blossom[here].role != OUTER or slack(s, u, v, edge) != (0, 0):
        if role == UNTOUCHED and was_soonest(s, v):
            look_again(s, events, v)
        return
    tree = s.blossom[here].tree
    if role == OUTER:
        if s.blossom[there].tree == tree:
            shrink(s, events, u, v)
        else:
            _connect(s, events, u, v)
        return
    mate = s.vertex[s.blossom[there].base].mate
    if mate == NOBODY:
        _take_place(s, events, u, v)
    else:
        become_inner(s, events, there, u, v, tree)
        become_outer(s, events, top(s, mate), tree)


# -- the end of a tree -----------------------------------------------------------------------------


@njit(cache=True)
def _connect(s, events, u, v):
    """The path from root to root, by the edge between outer vertices of two trees, flips."""
    one, other = s.blossom[top(s, u)].tree, s.blossom[top(s, v)].tree
    take_down(s, one)
    take_down(s, other)
    flip(s, u, v)
    flip(s, v, u)
    let_go(s, events, one)
    let_go(s, events, other)


@njit(cache=True)
def _take_place(s, events, u, v):
    """Vertex v is unmatched and may stay so, but does not."""
    tree = s.blossom[top(s, u)].tree
    take_down(s, tree)
    rebase(s, top(s, v), v)
    s.vertex[v].mate = u
    flip(s, u, v)
    let_go(s, events, tree)
    look_again(s, events, v)  # it is still untouched, and other edges stood back for this one


@njit(cache=True)
def _retire(s, events, v):
    """Outer vertex v may stay unmatched in place of the root."""
    tree = s.blossom[top(s, v)].tree
    take_down(s, tree)
    flip(s, v, NOBODY)
    let_go(s, events, tree)
