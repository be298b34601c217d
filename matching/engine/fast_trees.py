"""Trees of the compiled search: who takes which role, and what waits for them.

An event is (time in two parts, u, edge): the edge of outer vertex u is due. With OPEN in place of u an inner blossom's
price reaches 0, with RETIRE an outer vertex's. Events that have come to nothing meanwhile stay where they are and are
passed over when it is their turn.

An edge to an untouched vertex waits only if it is due sooner than any other edge to that vertex (`soonest`); should it
come to nothing, the vertex's edges are looked through again. Of the outer vertices of a tree only the first to reach
price 0 matters (`retire`), and no edge that is due later.
"""

from __future__ import annotations

import heapq

from numba import njit

from .blossom import INNER, NOBODY, OUTER, UNTOUCHED
from .fast_prices import after, price, settle, slack, top
from .fast_state import NOW_HIGH, NOW_LOW
from .two_words import FAR, half, less

OPEN, RETIRE = -2, -1


@njit(cache=True)
def take_role(s, number, role, tree):
    settle(s, number)
    b = s.blossom[number]
    b.role, b.tree = role, tree
    b.previous, b.next = NOBODY, s.tree[tree].first
    if b.next != NOBODY:
        s.blossom[b.next].previous = number
    s.tree[tree].first = number


@njit(cache=True)
def leave_tree(s, number):
    settle(s, number)
    b = s.blossom[number]
    b.role = UNTOUCHED
    if b.previous == NOBODY:
        s.tree[b.tree].first = b.next
    else:
        s.blossom[b.previous].next = b.next
    if b.next != NOBODY:
        s.blossom[b.next].previous = b.previous


@njit(cache=True)
def become_inner(s, events, number, u, v, tree):
    """Reached from outer vertex u by its own vertex v."""
    take_role(s, number, INNER, tree)
    b = s.blossom[number]
    b.via_outer, b.via_own = u, v
    if b.child != NOBODY:
        high, low = half(b.z_high, b.z_low)
        high, low = after(s, high, low)
        heapq.heappush(events, (high, low, OPEN, number))


@njit(cache=True)
def become_outer(s, events, number, tree):
    take_role(s, number, OUTER, tree)
    announce(s, events, number, number)


@njit(cache=True)
def announce(s, events, number, part):
    """Put among the events what the vertices of `part`, now outer within a blossom, may lead to."""
    tree = s.tree[s.blossom[number].tree]
    u = s.blossom[part].head
    while True:
        high, low = price(s, u)
        high, low = after(s, high, low)
        if less(high, low, tree.retire_high, tree.retire_low):
            tree.retire_high, tree.retire_low = high, low
            heapq.heappush(events, (high, low, RETIRE, u))
        for edge in range(s.first_edge[u], s.first_edge[u + 1]):
            _await(s, events, number, u, edge)
        if u == s.blossom[part].tail:
            return
        u = s.vertex[u].chain


@njit(cache=True)
def _await(s, events, number, u, edge):
    v = s.edge[edge].to
    there = top(s, v)
    role = s.blossom[there].role
    if there == number or role == INNER:
        return
    high, low = slack(s, u, v, edge)
    if role == OUTER:
        high, low = half(high, low)
    high, low = after(s, high, low)
    tree = s.tree[s.blossom[number].tree]
    if less(tree.retire_high, tree.retire_low, high, low):
        return
    if role == UNTOUCHED:
        x = s.vertex[v]
        if not less(high, low, x.soonest_high, x.soonest_low):
            return
        x.soonest_high, x.soonest_low = high, low
    heapq.heappush(events, (high, low, u, edge))


@njit(cache=True)
def look_again(s, events, v):
    """The edges of an untouched vertex, as seen from the outer vertices beside it."""
    s.vertex[v].soonest_high = FAR
    for back in range(s.first_edge[v], s.first_edge[v + 1]):
        e = s.edge[back]
        there = top(s, e.to)
        if s.blossom[there].role == OUTER:
            _await(s, events, there, e.to, e.twin)


@njit(cache=True)
def release(s, events, number):
    """The blossom is untouched again; outer vertices beside it may reach it anew."""
    v = s.blossom[number].head
    while True:
        look_again(s, events, v)
        if v == s.blossom[number].tail:
            return
        v = s.vertex[v].chain


@njit(cache=True)
def was_soonest(s, v):
    """Whether the edge that is due now is the one that the vertex's other edges stood back for."""
    x = s.vertex[v]
    return x.soonest_high == s.state[NOW_HIGH] and x.soonest_low == s.state[NOW_LOW]
