"""The same search as `blossom`, compiled, for cohorts whose people are counted in thousands.

Read `blossom` first: vertices, blossoms, roles, events and their order are the same here, function by function.
What differs is the form, since compiled code wants plain arrays:

- A number v is held as two, v = high * 2^60 + low with 0 <= low < 2^60, so that nothing ever overflows: weights
  may have up to 110 bits (`limits.FITS`).
- The neighbours of u are the entries first_edge[u] .. first_edge[u + 1] of `to` and its weights.
- The children of a blossom are a ring: `after[c]` and `before[c]` are the siblings of c, and the edge from c to the
  next one runs from `own[c]` to `theirs[c]`.
- All vertices of an outermost blossom carry one label, which it takes over from its largest outer child: so a blossom
  that takes in one after another does not walk over all its vertices each time. y is written down rarely; a vertex's
  price follows from it and the clock of its label.
- The vertices of a blossom are a chain, from `head[b]` by `chain` to `tail[b]`, in which those of each child lie
  together; so a blossom that opens leaves its children's chains whole.
- An edge to an untouched vertex waits only if it is due sooner than any other edge to that vertex (`soonest`), and of
  the outer vertices only the first to reach price 0 matters (`retire`).
"""

from __future__ import annotations

import heapq
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from .blossom import INNER, NOBODY, OUTER, UNTOUCHED

BITS = 60
LOW = (1 << BITS) - 1
OPEN = -1
FAR = 1 << 62
Array = Any


class Search(NamedTuple):
    """All that a search reads and writes. Vertices come first, blossoms after them."""

    first_edge: Array
    to: Array
    weight_high: Array
    weight_low: Array
    y_high: Array
    y_low: Array
    mate: Array
    soonest_high: Array
    soonest_low: Array
    soonest_in: Array  # the search that `soonest` is about
    chain: Array
    label: Array  # all vertices of an outermost blossom have one label in common
    blossom_of: Array  # label -> outermost blossom; from here on for vertices and blossoms
    base: Array
    size: Array
    z_high: Array
    z_low: Array
    role: Array
    since_high: Array  # of a label: when the y of its vertices were written down
    since_low: Array
    z_since_high: Array
    z_since_low: Array
    via_outer: Array
    via_own: Array
    parent: Array
    child: Array  # the child that holds the base
    after: Array
    before: Array
    own: Array
    theirs: Array
    head: Array
    tail: Array
    mark: Array
    touched: Array
    spare: Array  # numbers of blossoms that may be used
    opened: Array  # numbers that may be used from the next search on
    state: Array  # see the names below


NOW_HIGH, NOW_LOW, RETIRE_HIGH, RETIRE_LOW, RETIRING, SEARCHES, TOUCHED, SPARE, OPENED, MARKS = range(10)


def new_search(edges: tuple[Array, Array, Array, Array], y: tuple[Array, Array], mate: Array) -> Search:
    """`edges` are first_edge, to, weight_high, weight_low; each edge stands there in both directions."""
    n = len(mate)
    room = n + 2  # at most n / 2 blossoms at a time, and as many opened in one search
    size = n + room

    def of(length: int, value: int = 0) -> Array:
        return np.full(length, value, dtype=np.int64)

    numbers = np.arange(size, dtype=np.int64)
    state = of(10)
    state[SPARE] = room
    return Search(
        *edges, y[0].copy(), y[1].copy(), mate.copy(), of(n), of(n), of(n), of(n, NOBODY),
        numbers[:n].copy(), numbers.copy(), numbers.copy(), of(size, 1), of(size), of(size),
        np.zeros(size, dtype=np.int8), of(size), of(size), of(size), of(size),
        of(size, NOBODY), of(size, NOBODY), of(size, NOBODY), of(size, NOBODY), of(size), of(size), of(size), of(size),
        numbers.copy(), numbers.copy(), of(size), of(8 * size), numbers[n:][::-1].copy(), of(room), state,
    )  # fmt: skip


class Nest(NamedTuple):
    """The sets, largest first: each person's smallest set, the next around each set (NOBODY: none), and the sum of z
    over the set and all around it, in two parts."""

    smallest: Array
    around: Array
    total_high: Array
    total_low: Array


def nest_of(s: Search) -> Nest:
    n = len(s.mate)
    blossoms = np.flatnonzero(s.child[n:] != NOBODY) + n
    blossoms = blossoms[np.argsort(-s.size[blossoms], kind="stable")]
    number = np.full(len(s.child) + 1, NOBODY, dtype=np.int64)  # the last entry is for NOBODY itself
    number[blossoms] = np.arange(len(blossoms))
    around = number[s.parent[blossoms]]
    return Nest(number[s.parent[:n]], around, *_totals(around, s.z_high[blossoms], s.z_low[blossoms]))


@njit(cache=True)
def _totals(around, z_high, z_low):
    high, low = z_high.copy(), z_low.copy()
    for k in range(len(around)):
        if around[k] != NOBODY:
            high[k], low[k] = _tidy(high[k] + high[around[k]], low[k] + low[around[k]])
    return high, low


def in_one(high: Array, low: Array) -> list[int]:
    return [(h << BITS) + part for h, part in zip(high.tolist(), low.tolist(), strict=True)]


# -- numbers in two parts ------------------------------------------------------------------------


@njit(inline="always")
def _tidy(high, low):
    return high + (low >> BITS), low & LOW


@njit(inline="always")
def _half(high, low):
    return high >> 1, (low >> 1) + ((high & 1) << (BITS - 1))


@njit(inline="always")
def _less(high, low, other_high, other_low):
    return high < other_high or (high == other_high and low < other_low)


# -- one search ----------------------------------------------------------------------------------


@njit(cache=True)
def run(s, vertices):
    """Find a place for each of the vertices that is unmatched and has a price."""
    for v in vertices:
        if s.mate[v] == NOBODY and (s.y_high[v] > 0 or s.y_low[v] > 0):
            _search(s, v)


@njit(cache=True)
def _search(s, root):
    state = s.state
    state[NOW_HIGH] = state[NOW_LOW] = 0
    state[RETIRE_HIGH], state[RETIRE_LOW] = FAR, 0
    state[SEARCHES] += 1
    state[TOUCHED] = 0
    for k in range(state[OPENED]):
        s.spare[state[SPARE]] = s.opened[k]
        state[SPARE] += 1
    state[OPENED] = 0
    events = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    events.clear()
    _become_outer(s, events, _top(s, root))
    while True:
        high, low, u, edge = np.int64(FAR), np.int64(0), np.int64(0), np.int64(0)
        if len(events) > 0:
            high, low, u, edge = heapq.heappop(events)
        if _less(state[RETIRE_HIGH], state[RETIRE_LOW], high, low):
            state[NOW_HIGH], state[NOW_LOW] = state[RETIRE_HIGH], state[RETIRE_LOW]
            _finish(s)
            _flip(s, state[RETIRING], NOBODY)
            return
        state[NOW_HIGH], state[NOW_LOW] = high, low
        if u == OPEN:
            if s.role[edge] == INNER and _price_of_set(s, edge) == (0, 0):
                _open(s, events, edge)
        elif _along(s, events, u, edge):
            return


@njit(cache=True)
def _along(s, events, u, edge):
    """The edge of outer vertex u is due; True when the search is over."""
    v = s.to[edge]
    there = _top(s, v)
    if _top(s, u) == there or s.role[there] == INNER:
        return False
    slack_high, slack_low = _slack(s, u, v, edge)
    if slack_high > 0 or (slack_high == 0 and slack_low > 0):
        return False
    if s.role[there] == OUTER:
        _shrink(s, events, u, v)
        return False
    if s.mate[s.base[there]] == NOBODY:
        _finish(s)
        _rebase(s, there, v)
        s.mate[v] = u
        _flip(s, u, v)
        return True
    _become_inner(s, events, there, u, v)
    _become_outer(s, events, _top(s, s.mate[s.base[there]]))
    return False


@njit(cache=True)
def _finish(s):
    for k in range(s.state[TOUCHED]):
        b = s.touched[k]
        if s.role[b] != UNTOUCHED:
            _settle(s, b)
            s.role[b] = UNTOUCHED


# -- prices that move with time ------------------------------------------------------------------


@njit(inline="always")
def _top(s, v):
    """The outermost blossom that holds the vertex."""
    return s.blossom_of[s.label[v]]


@njit(inline="always")
def _pace(s, b):
    return 1 if s.role[b] == INNER else -1 if s.role[b] == OUTER else 0


@njit(inline="always")
def _price(s, v):
    """Its y was written down at the time `since` of its label."""
    label = s.label[v]
    pace = _pace(s, s.blossom_of[label])
    high, low = s.state[NOW_HIGH] - s.since_high[label], s.state[NOW_LOW] - s.since_low[label]
    return _tidy(s.y_high[v] + pace * high, s.y_low[v] + pace * low)


@njit(inline="always")
def _price_of_set(s, b):
    pace = 2 * _pace(s, b)
    high, low = s.state[NOW_HIGH] - s.z_since_high[b], s.state[NOW_LOW] - s.z_since_low[b]
    return _tidy(s.z_high[b] - pace * high, s.z_low[b] - pace * low)


@njit(inline="always")
def _slack(s, u, v, edge):
    u_high, u_low = _price(s, u)
    v_high, v_low = _price(s, v)
    return _tidy(u_high + v_high - s.weight_high[edge], u_low + v_low - s.weight_low[edge])


@njit(cache=True)
def _settle(s, b):
    """Write down the prices of outermost blossom b as they are now."""
    if s.role[b] != UNTOUCHED:
        _settle_set(s, b)
        v = s.head[b]
        while True:
            s.y_high[v], s.y_low[v] = _price(s, v)
            if v == s.tail[b]:
                break
            v = s.chain[v]
    _start_clock(s, b, s.label[s.head[b]])


@njit(cache=True)
def _settle_set(s, b):
    if s.child[b] != NOBODY:
        s.z_high[b], s.z_low[b] = _price_of_set(s, b)
    s.z_since_high[b], s.z_since_low[b] = s.state[NOW_HIGH], s.state[NOW_LOW]


@njit(inline="always")
def _start_clock(s, b, label):
    s.since_high[label], s.since_low[label] = s.state[NOW_HIGH], s.state[NOW_LOW]
    s.z_since_high[b], s.z_since_low[b] = s.state[NOW_HIGH], s.state[NOW_LOW]


# -- roles ---------------------------------------------------------------------------------------


@njit(cache=True)
def _take_role(s, b, role):
    _settle(s, b)
    s.role[b] = role
    s.touched[s.state[TOUCHED]] = b
    s.state[TOUCHED] += 1


@njit(cache=True)
def _become_inner(s, events, b, u, v):
    _take_role(s, b, INNER)
    s.via_outer[b], s.via_own[b] = u, v
    if s.child[b] != NOBODY:
        high, low = _half(s.z_high[b], s.z_low[b])
        high, low = _tidy(s.state[NOW_HIGH] + high, s.state[NOW_LOW] + low)
        heapq.heappush(events, (high, low, np.int64(OPEN), b))


@njit(cache=True)
def _become_outer(s, events, b):
    _take_role(s, b, OUTER)
    _announce(s, events, b, b)


@njit(cache=True)
def _announce(s, events, b, part):
    """Put among the events what the vertices of `part`, now outer within b, may lead to."""
    state = s.state
    u = s.head[part]
    while True:
        high, low = _price(s, u)
        high, low = _tidy(state[NOW_HIGH] + high, state[NOW_LOW] + low)
        if _less(high, low, state[RETIRE_HIGH], state[RETIRE_LOW]):
            state[RETIRE_HIGH], state[RETIRE_LOW], state[RETIRING] = high, low, u
        for edge in range(s.first_edge[u], s.first_edge[u + 1]):
            _wait_for(s, events, b, u, edge)
        if u == s.tail[part]:
            return
        u = s.chain[u]


@njit(cache=True)
def _wait_for(s, events, b, u, edge):
    v = s.to[edge]
    there = _top(s, v)
    if there == b or s.role[there] == INNER:
        return
    state = s.state
    high, low = _slack(s, u, v, edge)
    if s.role[there] == OUTER:
        high, low = _half(high, low)
    high, low = _tidy(state[NOW_HIGH] + high, state[NOW_LOW] + low)
    if _less(state[RETIRE_HIGH], state[RETIRE_LOW], high, low):
        return
    if s.role[there] == UNTOUCHED:
        if s.soonest_in[v] == state[SEARCHES] and not _less(high, low, s.soonest_high[v], s.soonest_low[v]):
            return
        s.soonest_in[v], s.soonest_high[v], s.soonest_low[v] = state[SEARCHES], high, low
    heapq.heappush(events, (high, low, u, edge))


@njit(cache=True)
def _release(s, events, b):
    """Blossom b is out of the tree again; outer vertices beside it may reach it anew."""
    s.role[b] = UNTOUCHED
    v = s.head[b]
    while True:
        s.soonest_in[v] = 0
        for back in range(s.first_edge[v], s.first_edge[v + 1]):
            u = s.to[back]
            if s.role[_top(s, u)] == OUTER:
                _wait_for(s, events, _top(s, u), u, _edge_between(s, u, v))
        if v == s.tail[b]:
            return
        v = s.chain[v]


@njit(cache=True)
def _edge_between(s, u, v):
    """Neighbours are in ascending order."""
    low, high = s.first_edge[u], s.first_edge[u + 1]
    while low < high:
        middle = (low + high) // 2
        if s.to[middle] < v:
            low = middle + 1
        else:
            high = middle
    return low


# -- blossoms ------------------------------------------------------------------------------------


@njit(cache=True)
def _shrink(s, events, u, v):
    meeting = _meeting(s, _top(s, u), _top(s, v))
    state = s.state
    state[SPARE] -= 1
    blossom = s.spare[state[SPARE]]
    _ring(s, _top(s, u), meeting, True)
    _ring(s, _top(s, v), meeting, False)
    left, right = _top(s, u), _top(s, v)
    s.after[left], s.before[right], s.own[left], s.theirs[left] = right, left, u, v
    s.child[blossom], s.base[blossom] = meeting, s.base[meeting]
    s.head[blossom], s.tail[blossom] = s.head[meeting], s.tail[meeting]
    s.z_high[blossom] = s.z_low[blossom] = 0
    kept = s.label[s.head[_largest_outer(s, meeting)]]
    s.size[blossom] = 0
    child = meeting
    while True:
        s.mark[child] = -s.role[child]  # what it was, for those that must be announced
        _settle_set(s, child)
        if s.label[s.head[child]] != kept:
            _relabel(s, child, kept)
        s.role[child] = UNTOUCHED
        s.parent[child] = blossom
        s.size[blossom] += s.size[child]
        if child != meeting:
            s.chain[s.tail[blossom]] = s.head[child]
            s.tail[blossom] = s.tail[child]
        child = s.after[child]
        if child == meeting:
            break
    s.blossom_of[kept] = blossom
    s.parent[blossom] = NOBODY
    s.z_since_high[blossom], s.z_since_low[blossom] = state[NOW_HIGH], state[NOW_LOW]
    s.role[blossom] = OUTER
    s.touched[state[TOUCHED]] = blossom
    state[TOUCHED] += 1
    while True:
        if s.mark[child] == -INNER:
            _announce(s, events, blossom, child)
        child = s.after[child]
        if child == meeting:
            return


@njit(cache=True)
def _meeting(s, left, right):
    """The first blossom that the ways of two outer blossoms to the root have in common."""
    s.state[MARKS] += 1
    stamp = s.state[MARKS]
    while True:
        if left != NOBODY:
            if s.mark[left] == stamp:
                return left
            s.mark[left] = stamp
            left = _outer_above(s, left)
        left, right = right, left


@njit(cache=True)
def _outer_above(s, outer):
    mate = s.mate[s.base[outer]]
    return NOBODY if mate == NOBODY else _top(s, s.via_outer[_top(s, mate)])


@njit(cache=True)
def _ring(s, outer, meeting, downwards):
    """Link the blossoms from `outer` up to the meeting, one way round or the other."""
    while outer != meeting:
        base = s.base[outer]
        inner = _top(s, s.mate[base])
        _link(s, outer, inner, base, s.mate[base], downwards)
        u, v = s.via_outer[inner], s.via_own[inner]
        _link(s, inner, _top(s, u), v, u, downwards)
        outer = _top(s, u)


@njit(cache=True)
def _link(s, lower, upper, x, y, downwards):
    if downwards:
        s.after[upper], s.before[lower], s.own[upper], s.theirs[upper] = lower, upper, y, x
    else:
        s.after[lower], s.before[upper], s.own[lower], s.theirs[lower] = upper, lower, x, y


@njit(cache=True)
def _largest_outer(s, meeting):
    """Its vertices keep label and pace, so that a blossom that takes in one after another does not walk over all."""
    largest, child = meeting, s.after[meeting]
    while child != meeting:
        if s.role[child] == OUTER and s.size[child] > s.size[largest]:
            largest = child
        child = s.after[child]
    return largest


@njit(cache=True)
def _relabel(s, part, label):
    """Let the vertices join a label of outer vertices, with the y that gives them their price by its clock."""
    gone_high, gone_low = s.state[NOW_HIGH] - s.since_high[label], s.state[NOW_LOW] - s.since_low[label]
    v = s.head[part]
    while True:
        high, low = _price(s, v)
        s.y_high[v], s.y_low[v] = _tidy(high + gone_high, low + gone_low)
        s.label[v] = label
        if v == s.tail[part]:
            return
        v = s.chain[v]


@njit(cache=True)
def _stand_alone(s, b):
    """The blossom is an outermost one again, under a label of its own."""
    v = s.head[b]
    while True:
        s.label[v] = b
        if v == s.tail[b]:
            break
        v = s.chain[v]
    s.blossom_of[b], s.parent[b] = b, NOBODY
    _start_clock(s, b, b)


@njit(cache=True)
def _open(s, events, b):
    """Replace inner blossom b of price 0 by its children; those on the even way in stay in the tree."""
    _settle(s, b)
    state = s.state
    u, v = s.via_outer[b], s.via_own[b]
    base = s.child[b]
    child = base
    while True:
        s.mark[child] = 0
        _stand_alone(s, child)
        child = s.after[child]
        if child == base:
            break
    s.role[b], s.child[b], s.z_high[b], s.z_low[b] = UNTOUCHED, NOBODY, 0, 0
    s.opened[state[OPENED]] = b
    state[OPENED] += 1
    start = _top(s, v)
    forward = _steps(s, start, base) % 2 == 0
    _become_inner(s, events, start, u, v)
    _walk_in(s, events, start, base, forward, INNER)
    _walk_in(s, events, start, base, forward, OUTER)
    while True:
        if child != start and s.mark[child] == 0:
            _release(s, events, child)
        child = s.after[child]
        if child == base:
            return


@njit(cache=True)
def _walk_in(s, events, start, base, forward, role):
    """Along the even way from `start` to the base: every second child is outer, the others inner."""
    child, outer = start, True
    while child != base:
        there = s.after[child] if forward else s.before[child]
        if forward:
            x, y = s.own[child], s.theirs[child]
        else:
            x, y = s.theirs[there], s.own[there]
        s.mark[there] = -1  # on the way
        if outer and role == OUTER:
            _become_outer(s, events, there)
        if not outer and role == INNER:
            _become_inner(s, events, there, x, y)
        child, outer = there, not outer


@njit(cache=True)
def _steps(s, start, base):
    steps = 0
    while start != base:
        start = s.after[start]
        steps += 1
    return steps


# -- changing the matching -----------------------------------------------------------------------


@njit(cache=True)
def _flip(s, v, partner):
    """Match v to partner (already matched to v), and alternate along the path from v to the root."""
    while True:
        outer = _top(s, v)
        next_mate = s.mate[s.base[outer]]
        _rebase(s, outer, v)
        s.mate[v] = partner
        if next_mate == NOBODY:
            return
        inner = _top(s, next_mate)
        u, own = s.via_outer[inner], s.via_own[inner]
        _rebase(s, inner, own)
        s.mate[own] = u
        v, partner = u, own


@njit(cache=True)
def _rebase(s, blossom, vertex):
    """Turn the matching inside the blossom so that the vertex is the one not matched inside."""
    waiting = [(blossom, vertex)]
    while len(waiting) > 0:
        b, v = waiting.pop()
        if s.base[b] == v:
            continue
        start = _child_with(s, b, v)
        waiting.append((start, v))
        base = s.child[b]
        forward = _steps(s, start, base) % 2 == 0
        child, matched = start, False
        while child != base:
            there = s.after[child] if forward else s.before[child]
            if matched:
                if forward:
                    x, y = s.own[child], s.theirs[child]
                else:
                    x, y = s.theirs[there], s.own[there]
                waiting.append((child, x))
                waiting.append((there, y))
                s.mate[x], s.mate[y] = y, x
            child, matched = there, not matched
        s.child[b], s.base[b] = start, v


@njit(cache=True)
def _child_with(s, b, v):
    while s.parent[v] != b:
        v = s.parent[v]
    return v
