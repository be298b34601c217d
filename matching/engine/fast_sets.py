"""Blossoms of the compiled search: how they shrink and open, and how the matching within them turns."""

from __future__ import annotations

from .blossom import INNER, NOBODY, OUTER
from .fast_prices import free_label, give_label, label_of, new_label, settle, top
from .fast_state import MARKS, SPARE
from .fast_trees import announce, become_inner, become_outer, leave_tree, release, take_role
from .kernel import njit

# -- shrinking -------------------------------------------------------------------------------------


@njit(cache=True)
def shrink(s, events, u, v):
    """The edge between two outer vertices of one tree makes an odd ring: it becomes one outer blossom."""
    meeting = _meeting(s, top(s, u), top(s, v))
    _close_ring(s, u, v, meeting)
    s.state[SPARE] -= 1
    number = s.spare[s.state[SPARE]]
    tree = s.blossom[meeting].tree
    _gather(s, number, meeting)
    take_role(s, number, OUTER, tree)
    child = meeting
    while True:
        if s.blossom[child].mark == -INNER:
            announce(s, events, number, child)
        child = s.blossom[child].after
        if child == meeting:
            return


@njit(cache=True)
def _meeting(s, left, right):
    """The first blossom that the ways of two outer blossoms to the root have in common."""
    s.state[MARKS] += 1
    stamp = s.state[MARKS]
    while True:
        if left != NOBODY:
            if s.blossom[left].mark == stamp:
                return left
            s.blossom[left].mark = stamp
            left = _outer_above(s, left)
        left, right = right, left


@njit(cache=True)
def _outer_above(s, outer):
    mate = s.vertex[s.blossom[outer].base].mate
    return NOBODY if mate == NOBODY else top(s, s.blossom[top(s, mate)].via_outer)


@njit(cache=True)
def _close_ring(s, u, v, meeting):
    left, right = top(s, u), top(s, v)
    _ring(s, left, meeting, True)
    _ring(s, right, meeting, False)
    _join(s, left, right, u, v)


@njit(cache=True)
def _ring(s, outer, meeting, downwards):
    """Link the blossoms from `outer` up to the meeting, one way round or the other."""
    while outer != meeting:
        base = s.blossom[outer].base
        mate = s.vertex[base].mate
        inner = top(s, mate)
        u, v = s.blossom[inner].via_outer, s.blossom[inner].via_own
        above = top(s, u)
        if downwards:
            _join(s, inner, outer, mate, base)
            _join(s, above, inner, u, v)
        else:
            _join(s, outer, inner, base, mate)
            _join(s, inner, above, v, u)
        outer = above


@njit(cache=True)
def _join(s, one, next_one, own, theirs):
    a, b = s.blossom[one], s.blossom[next_one]
    a.after, b.before, a.own, a.theirs = next_one, one, own, theirs


@njit(cache=True)
def _gather(s, number, meeting):
    """Make the ring one blossom. Its children's marks say what they were, for those that must be announced."""
    b, first = s.blossom[number], s.blossom[meeting]
    b.child, b.base, b.head, b.tail, b.size = meeting, first.base, first.head, first.tail, first.size
    b.z_high = b.z_low = 0
    b.parent = NOBODY
    child = meeting
    while True:
        c = s.blossom[child]
        c.mark, c.parent = -c.role, number
        leave_tree(s, child)
        child = c.after
        if child == meeting:
            break
    _share_label(s, number, label_of(s, _largest(s, meeting)))
    child = first.after
    while child != meeting:
        c = s.blossom[child]
        s.vertex[b.tail].chain = c.head
        b.tail = c.tail
        b.size += c.size
        child = c.after


@njit(cache=True)
def _share_label(s, number, kept):
    child = s.blossom[number].child
    while True:
        label = label_of(s, child)
        if label != kept:
            give_label(s, child, kept)
            free_label(s, label)
        child = s.blossom[child].after
        if child == s.blossom[number].child:
            break
    s.label[kept].blossom = number


@njit(cache=True)
def _largest(s, first):
    """Of a ring; its vertices keep their label, so that no more than the others' need be walked over."""
    largest, child = first, s.blossom[first].after
    while child != first:
        if s.blossom[child].size > s.blossom[largest].size:
            largest = child
        child = s.blossom[child].after
    return largest


# -- opening ---------------------------------------------------------------------------------------


@njit(cache=True)
def open_up(s, events, number):
    """Replace an inner blossom of price 0 by its children; those on the even way in stay in the tree."""
    b = s.blossom[number]
    u, v, base, tree = b.via_outer, b.via_own, b.child, b.tree
    leave_tree(s, number)
    _scatter(s, number)
    start = top(s, v)
    forward = _steps(s, start, base) % 2 == 0
    become_inner(s, events, start, u, v, tree)
    s.blossom[start].mark = -1
    _walk_in(s, events, start, base, forward, INNER, tree)
    _walk_in(s, events, start, base, forward, OUTER, tree)
    child = base
    while True:
        if s.blossom[child].mark == 0:
            release(s, events, child)
        child = s.blossom[child].after
        if child == base:
            return


@njit(cache=True)
def _scatter(s, number):
    """Let the children stand alone; their marks are 0."""
    b = s.blossom[number]
    kept = label_of(s, number)
    largest = _largest(s, b.child)
    child = b.child
    while True:
        c = s.blossom[child]
        if child != largest:
            label = new_label(s)
            give_label(s, child, label)
            s.label[label].blossom = child
        c.mark, c.parent = 0, NOBODY
        settle(s, child)
        child = c.after
        if child == b.child:
            break
    s.label[kept].blossom = largest
    b.child = NOBODY
    s.spare[s.state[SPARE]] = number
    s.state[SPARE] += 1


@njit(cache=True)
def _walk_in(s, events, start, base, forward, role, tree):
    """Along the even way from `start` to the base: every second child is outer, the others inner."""
    child, outer = start, True
    while child != base:
        there, x, y = _step(s, child, forward)
        s.blossom[there].mark = -1  # on the way
        if outer and role == OUTER:
            become_outer(s, events, there, tree)
        if not outer and role == INNER:
            become_inner(s, events, there, x, y, tree)
        child, outer = there, not outer


@njit(inline="always")
def _step(s, child, forward):
    """The next child round the ring, and the edge to it."""
    c = s.blossom[child]
    if forward:
        return c.after, c.own, c.theirs
    b = s.blossom[c.before]
    return c.before, b.theirs, b.own


@njit(cache=True)
def _steps(s, start, base):
    steps = 0
    while start != base:
        start = s.blossom[start].after
        steps += 1
    return steps


# -- changing the matching -------------------------------------------------------------------------


@njit(cache=True)
def flip(s, v, partner):
    """Match v to partner (already matched to v), and alternate along the path from v to the root."""
    while True:
        outer = top(s, v)
        mate = s.vertex[s.blossom[outer].base].mate
        rebase(s, outer, v)
        s.vertex[v].mate = partner
        if mate == NOBODY:
            return
        inner = top(s, mate)
        v, partner = s.blossom[inner].via_outer, s.blossom[inner].via_own
        rebase(s, inner, partner)
        s.vertex[partner].mate = v


@njit(cache=True)
def rebase(s, blossom, vertex):
    """Turn the matching inside the blossom so that the vertex is the one not matched inside."""
    waiting = [(blossom, vertex)]
    while len(waiting) > 0:
        outermost, v = waiting.pop()
        number = v
        while number != outermost:
            child, number = number, s.blossom[number].parent
            if s.blossom[number].base != v:
                _turn(s, number, child, v, waiting)


@njit(cache=True)
def _turn(s, number, start, v, waiting):
    """Match a blossom's children anew, all but the one that holds v."""
    b = s.blossom[number]
    forward = _steps(s, start, b.child) % 2 == 0
    child, matched = start, False
    while child != b.child:
        there, x, y = _step(s, child, forward)
        if matched:
            waiting.append((child, x))
            waiting.append((there, y))
            s.vertex[x].mate, s.vertex[y].mate = y, x
        child, matched = there, not matched
    b.child, b.base = start, v
