"""A start for `fast_blossom`: the heaviest matching that may also go round in odd circles.

In a circle of an odd number of people everybody is matched by half with the next one and by half with the one before.
If that is allowed the problem is an assignment problem and no blossoms are needed: a search that finds an edge between
two outer vertices does not shrink anything but is over, with one circle more; a search that reaches a circle breaks it
up and is over, too. So trees stay small. In the end few circles are left. Each is given up but for one person, and
`fast_blossom` finds a place for those, beginning with the prices found here.

Roles and events are those of `blossom`; one vertex at a time looks for its place.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np

from .blossom import INNER, NOBODY, OUTER, UNTOUCHED
from .kernel import njit
from .two_words import FAR, Array, half, less, tidy

# END: by then the search is over.
NOW_HIGH, NOW_LOW, RETIRE_HIGH, RETIRE_LOW, RETIRING, END_HIGH, END_LOW, TOUCHED, MARKS = range(9)


class Search(NamedTuple):
    first_edge: Array
    to: Array
    weight_high: Array
    weight_low: Array
    y_high: Array
    y_low: Array
    mate: Array
    after: Array  # the next one of the circle, or NOBODY
    role: Array
    since_high: Array
    since_low: Array
    via: Array  # of an inner vertex: the outer one it was reached from
    mark: Array
    touched: Array
    state: Array


@njit(cache=True)
def run(first_edge, to, weight_high, weight_low, y_high, y_low, mate):
    """Change prices and mates to those of the best start, but for one person of each circle who is left over."""
    n = len(mate)
    s = Search(
        first_edge, to, weight_high, weight_low, y_high, y_low, mate, np.full(n, NOBODY), np.zeros(n, np.int8),
        np.zeros(n, np.int64), np.zeros(n, np.int64), np.full(n, NOBODY),
        np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(9, np.int64),
    )  # fmt: skip
    for v in range(n):
        if mate[v] == NOBODY and s.after[v] == NOBODY and (y_high[v] > 0 or y_low[v] > 0):
            _search(s, v)
    for v in range(n):
        if s.after[v] != NOBODY:
            _break_up(s, v)


@njit(cache=True)
def _search(s, root):
    state = s.state
    state[:TOUCHED] = 0
    state[RETIRE_HIGH] = state[END_HIGH] = FAR
    state[TOUCHED] = 0
    events = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    events.clear()
    _become_outer(s, events, root)
    while True:
        high, low, u, edge = np.int64(FAR), np.int64(0), np.int64(0), np.int64(0)
        if len(events) > 0:
            high, low, u, edge = heapq.heappop(events)
        if less(state[RETIRE_HIGH], state[RETIRE_LOW], high, low):
            state[NOW_HIGH], state[NOW_LOW] = state[RETIRE_HIGH], state[RETIRE_LOW]
            _finish(s)
            _flip(s, state[RETIRING], NOBODY)
            return
        state[NOW_HIGH], state[NOW_LOW] = high, low
        v = s.to[edge]
        if s.role[v] == INNER:
            continue
        if s.role[v] == OUTER:
            _finish(s)
            _go_round(s, u, v)
            return
        if s.mate[v] == NOBODY:
            _finish(s)
            if s.after[v] != NOBODY:
                _break_up(s, v)
            s.mate[v] = u
            _flip(s, u, v)
            return
        _take_role(s, v, INNER)
        s.via[v] = u
        _become_outer(s, events, s.mate[v])


@njit(cache=True)
def _finish(s):
    for k in range(s.state[TOUCHED]):
        v = s.touched[k]
        s.y_high[v], s.y_low[v] = _price(s, v)
        s.role[v] = UNTOUCHED


@njit(inline="always")
def _price(s, v):
    pace = 1 if s.role[v] == INNER else -1 if s.role[v] == OUTER else 0
    high, low = s.state[NOW_HIGH] - s.since_high[v], s.state[NOW_LOW] - s.since_low[v]
    return tidy(s.y_high[v] + pace * high, s.y_low[v] + pace * low)


@njit(cache=True)
def _take_role(s, v, role):
    s.role[v] = role
    s.since_high[v], s.since_low[v] = s.state[NOW_HIGH], s.state[NOW_LOW]
    s.touched[s.state[TOUCHED]] = v
    s.state[TOUCHED] += 1


@njit(cache=True)
def _become_outer(s, events, u):
    state = s.state
    _take_role(s, u, OUTER)
    high, low = tidy(state[NOW_HIGH] + s.y_high[u], state[NOW_LOW] + s.y_low[u])
    if less(high, low, state[RETIRE_HIGH], state[RETIRE_LOW]):
        state[RETIRE_HIGH], state[RETIRE_LOW], state[RETIRING] = high, low, u
    if less(high, low, state[END_HIGH], state[END_LOW]):
        state[END_HIGH], state[END_LOW] = high, low
    for edge in range(s.first_edge[u], s.first_edge[u + 1]):
        v = s.to[edge]
        if s.role[v] == INNER:
            continue
        v_high, v_low = _price(s, v)
        high, low = tidy(s.y_high[u] + v_high - s.weight_high[edge], s.y_low[u] + v_low - s.weight_low[edge])
        if s.role[v] == OUTER:
            high, low = half(high, low)
        high, low = tidy(state[NOW_HIGH] + high, state[NOW_LOW] + low)
        if not less(state[END_HIGH], state[END_LOW], high, low):
            heapq.heappush(events, (high, low, u, np.int64(edge)))
            if s.role[v] == OUTER or s.mate[v] == NOBODY:
                state[END_HIGH], state[END_LOW] = high, low


@njit(cache=True)
def _flip(s, u, partner):
    """Match u to partner (already matched to u), and alternate along the path from u to the root."""
    while True:
        inner = s.mate[u]
        s.mate[u] = partner
        if inner == NOBODY:
            return
        partner = inner
        u = s.via[inner]
        s.mate[inner] = u


@njit(cache=True)
def _go_round(s, u, v):
    """The paths from u and v, as far as they are apart, and the edge between them become a circle."""
    s.state[MARKS] += 1
    stamp = s.state[MARKS]
    left, right = u, v
    while True:
        if left != NOBODY:
            if s.mark[left] == stamp:
                break
            s.mark[left] = stamp
            left = NOBODY if s.mate[left] == NOBODY else s.via[s.mate[left]]
        left, right = right, left
    meeting = left
    _flip(s, meeting, NOBODY)
    s.after[u] = v
    _way_up(s, u, meeting, True)
    _way_up(s, v, meeting, False)


@njit(cache=True)
def _way_up(s, outer, meeting, downwards):
    while outer != meeting:
        inner = s.mate[outer]
        above = s.via[inner]
        if downwards:
            s.after[above], s.after[inner] = inner, outer
        else:
            s.after[outer], s.after[inner] = inner, above
        s.mate[outer] = s.mate[inner] = NOBODY
        outer = above


@njit(cache=True)
def _break_up(s, left_over):
    """Pair off everybody else of a circle."""
    v = s.after[left_over]
    s.after[left_over] = NOBODY
    while v != left_over:
        partner = s.after[v]
        s.mate[v], s.mate[partner] = partner, v
        following = s.after[partner]
        s.after[v] = s.after[partner] = NOBODY
        v = following
