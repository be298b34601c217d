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

from .blossom import INNER, NOBODY, OUTER, UNTOUCHED
from .fast_prices import after, price, settle, slack, top
from .fast_state import FIRST_TREE, NOW_HIGH, NOW_LOW, OUTER_VERTICES
from .kernel import njit
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
    if role == OUTER:
        s.state[OUTER_VERTICES] += b.size


@njit(cache=True)
def _lose_role(s, number):
    settle(s, number)
    b = s.blossom[number]
    if b.role == OUTER:
        s.state[OUTER_VERTICES] -= b.size
    b.role = UNTOUCHED


@njit(cache=True)
def leave_tree(s, number):
    _lose_role(s, number)
    b = s.blossom[number]
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


# -- whole trees -----------------------------------------------------------------------------------


@njit(cache=True)
def plant(s, events, root):
    tree = s.tree[root]
    tree.previous, tree.next = NOBODY, s.state[FIRST_TREE]
    if tree.next != NOBODY:
        s.tree[tree.next].previous = root
    s.state[FIRST_TREE] = root
    become_outer(s, events, root, root)


@njit(cache=True)
def take_down(s, root):
    tree = s.tree[root]
    if tree.previous == NOBODY:
        s.state[FIRST_TREE] = tree.next
    else:
        s.tree[tree.previous].next = tree.next
    if tree.next != NOBODY:
        s.tree[tree.next].previous = tree.previous
    number = tree.first
    while number != NOBODY:
        _lose_role(s, number)
        number = s.blossom[number].next


@njit(cache=True)
def let_go(s, events, root):
    """What was in a tree that is down is untouched; the trees that stand may reach it. Look from the smaller side."""
    vertices = 0
    number = s.tree[root].first
    while number != NOBODY:
        vertices += s.blossom[number].size
        number = s.blossom[number].next
    from_trees = s.state[OUTER_VERTICES] < vertices
    number = s.tree[root].first
    while number != NOBODY:
        if from_trees:
            _forget(s, number)
        else:
            release(s, events, number)
        number = s.blossom[number].next
    if from_trees:
        _look_round(s, events)


@njit(cache=True)
def _forget(s, number):
    v = s.blossom[number].head
    while v != s.blossom[number].tail:
        s.vertex[v].soonest_high = FAR
        v = s.vertex[v].chain
    s.vertex[v].soonest_high = FAR


@njit(cache=True)
def _look_round(s, events):
    """From all outer vertices to what is untouched."""
    tree = s.state[FIRST_TREE]
    while tree != NOBODY:
        number = s.tree[tree].first
        while number != NOBODY:
            if s.blossom[number].role == OUTER:
                _look_from(s, events, number)
            number = s.blossom[number].next
        tree = s.tree[tree].next


@njit(cache=True)
def _look_from(s, events, number):
    u = s.blossom[number].head
    while True:
        for edge in range(s.first_edge[u], s.first_edge[u + 1]):
            if s.blossom[top(s, s.edge[edge].to)].role == UNTOUCHED:
                _await(s, events, number, u, edge)
        if u == s.blossom[number].tail:
            return
        u = s.vertex[u].chain
