"""Prices that move with time: those of outer vertices fall, those of inner ones rise.

Written down are y of a vertex, `gain` of the label that it shares with all vertices of its outermost blossom, and
`since`, the time up to which the gain counts; the rest follows from the blossom's role. So a blossom changes its role
in one step, however many vertices it has, and when some merge the largest one's vertices keep their label.
"""

from __future__ import annotations

from .blossom import INNER, NOBODY, OUTER
from .fast_state import LABELS, NOW_HIGH, NOW_LOW
from .kernel import njit
from .two_words import tidy


@njit(inline="always")
def top(s, v):
    """The outermost blossom that holds the vertex."""
    return s.label[s.vertex[v].label].blossom


@njit(inline="always")
def pace_of(role):
    return 1 if role == INNER else -1 if role == OUTER else 0


@njit(inline="always")
def price(s, v):
    x = s.vertex[v]
    label = s.label[x.label]
    b = s.blossom[label.blossom]
    pace = pace_of(b.role)
    return tidy(
        x.y_high + label.gain_high + pace * (s.state[NOW_HIGH] - b.since_high),
        x.y_low + label.gain_low + pace * (s.state[NOW_LOW] - b.since_low),
    )


@njit(inline="always")
def price_of_set(s, number):
    b = s.blossom[number]
    pace = 2 * pace_of(b.role)
    return tidy(b.z_high - pace * (s.state[NOW_HIGH] - b.since_high), b.z_low - pace * (s.state[NOW_LOW] - b.since_low))


@njit(inline="always")
def slack(s, u, v, edge):
    u_high, u_low = price(s, u)
    v_high, v_low = price(s, v)
    e = s.edge[edge]
    return tidy(u_high + v_high - e.weight_high, u_low + v_low - e.weight_low)


@njit(inline="always")
def after(s, high, low):
    """The time that is so much later than now."""
    return tidy(s.state[NOW_HIGH] + high, s.state[NOW_LOW] + low)


@njit(inline="always")
def label_of(s, number):
    return s.vertex[s.blossom[number].head].label


@njit(cache=True)
def settle(s, number):
    """Write down what an outermost blossom has gained or lost up to now."""
    b = s.blossom[number]
    pace = pace_of(b.role)
    if pace != 0:
        if b.child != NOBODY:
            b.z_high, b.z_low = price_of_set(s, number)
        label = s.label[label_of(s, number)]
        label.gain_high, label.gain_low = tidy(
            label.gain_high + pace * (s.state[NOW_HIGH] - b.since_high),
            label.gain_low + pace * (s.state[NOW_LOW] - b.since_low),
        )
    b.since_high, b.since_low = s.state[NOW_HIGH], s.state[NOW_LOW]


@njit(cache=True)
def give_label(s, number, label):
    """Let the vertices of a blossom, which is settled, carry another label; their prices stay as they are."""
    old, new = s.label[label_of(s, number)], s.label[label]
    high, low = old.gain_high - new.gain_high, old.gain_low - new.gain_low
    v = s.blossom[number].head
    while True:
        x = s.vertex[v]
        x.y_high, x.y_low = tidy(x.y_high + high, x.y_low + low)
        x.label = label
        if v == s.blossom[number].tail:
            return
        v = x.chain


@njit(cache=True)
def new_label(s):
    s.state[LABELS] -= 1
    label = s.labels[s.state[LABELS]]
    s.label[label].gain_high = s.label[label].gain_low = 0
    return label


@njit(cache=True)
def free_label(s, label):
    s.labels[s.state[LABELS]] = label
    s.state[LABELS] += 1


@njit(cache=True)
def write_down(s):
    """Once no blossom has a role: let y be the whole price."""
    for v in range(len(s.vertex)):
        x = s.vertex[v]
        x.y_high, x.y_low = price(s, v)
    for label in range(len(s.label)):
        s.label[label].gain_high = s.label[label].gain_low = 0
