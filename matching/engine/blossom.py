"""Maximum-weight matching in a general graph, with its proof.

Edmonds' primal-dual method. Each vertex v carries a price y_v >= 0 and each shrunk odd set S ("blossom") a
price z_S >= 0, such that for every edge

    slack(u, v) = y_u + y_v + (sum of z_S over all S that hold both) - w(u, v)  >=  0.

Any matching then weighs at most  sum(y) + sum(z_S * (|S| - 1) / 2).  The search ends when every matched
edge has slack 0, every unmatched vertex price 0, and every priced blossom is matched inside but for one
vertex: then the bound is met, the matching is as heavy as any, and the prices prove it.

One vertex at a time looks for its place. From it a tree of tight edges grows: outer vertices fall in price
and inner ones rise at the same pace, so tight edges stay tight, until
  - an edge to an untouched matched vertex becomes tight: the tree takes in that vertex and its mate;
  - an edge to an unmatched vertex becomes tight: the path between the two flips;
  - an edge between two outer vertices becomes tight: the odd cycle shrinks to one outer blossom;
  - an inner blossom's price reaches 0: it opens up again;
  - an outer vertex's price reaches 0: it may stay unmatched, and the path from the root to it flips.
These events wait in a heap by the amount of falling at which they are due ("time"). Prices of tree members
are brought up to date only when their role changes.

Integers throughout: weights must be even. All vertices of a tree have prices of equal parity (they are
joined by tight edges of even weight), so the slack between two outer vertices is even and is halved without
remainder.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

NOBODY = -1
UNTOUCHED, OUTER, INNER = 0, 1, 2
PACE = (0, -1, 1)  # how a vertex's price moves with time, by role
ALONG, OPEN, RETIRE = 0, 1, 2  # kinds of event


@dataclass(frozen=True)
class Prices:
    """A dual solution: a price for each vertex, and odd sets of vertices with theirs."""

    y: tuple[int, ...]
    sets: tuple[tuple[tuple[int, ...], int], ...] = ()

    def bound(self) -> int:
        return sum(self.y) + sum(z * (len(members) // 2) for members, z in self.sets)

    def nested(self) -> list[tuple[list[int], list[int], int]]:
        """The sets, each after those within it: vertices in no smaller set, numbers of the next smaller sets, price."""
        smallest: dict[int, int] = {}
        rows: list[tuple[list[int], list[int], int]] = []
        for number, (members, z) in enumerate(sorted(self.sets, key=lambda row: len(row[0]))):
            direct = [v for v in members if v not in smallest]
            inner = sorted({smallest[v] for v in members if v in smallest})
            rows.append((direct, inner, z))
            smallest.update(dict.fromkeys(members, number))
        return rows

    def without_sets(self) -> list[int]:
        """Vertex prices alone that are still high enough for every edge."""
        y = list(self.y)
        for members, z in self.sets:
            for v in members:
                y[v] += z // 2
        return y


class Matcher:
    """Vertices 0..n-1; `neighbours[v]` maps each neighbour to the (even) weight of the edge.

    `y` must be high enough for every edge; `mates` may hold a matching of edges that are tight under `y`.
    """

    def __init__(self, neighbours: Sequence[dict[int, int]], y: Iterable[int], mates: Iterable[int]) -> None:
        n = len(neighbours)
        self.neighbours = neighbours
        self.y = list(y)
        self.mate = list(mates)
        # Blossoms are numbered from n on; a plain vertex is its own trivial blossom.
        self.top = list(range(n))  # vertex -> outermost blossom
        self.base = list(range(n))  # the one vertex of a blossom not matched inside it
        self.vertices: list[list[int]] = [[v] for v in range(n)]
        self.children: list[list[int]] = [[] for _ in range(n)]
        # links[b][k] = (u, v), u in children[b][k] and v in the next child; child 0 holds the base
        self.links: list[list[tuple[int, int]]] = [[] for _ in range(n)]
        self.z = [0] * n
        self.role = [UNTOUCHED] * n
        self.since = [0] * n
        self.via: list[tuple[int, int]] = [(NOBODY, NOBODY)] * n  # inner: (outer vertex, own vertex)
        self.spare: list[int] = []  # numbers of opened blossoms, to be used again
        self.opened: list[int] = []  # the same, as long as events of this search may still name them
        self.touched: list[int] = []
        self.events: list[tuple[int, int, int, int]] = []
        self.now = 0

    def run(self, vertices: Iterable[int], tick: Callable[[], None] = lambda: None) -> None:
        """Find a place for each of the vertices that is unmatched and has a price."""
        for v in vertices:
            if self.mate[v] == NOBODY and self.y[v] > 0:
                tick()
                self._search(v)

    def prices(self) -> Prices:
        priced = [b for b in range(len(self.neighbours), len(self.z)) if self.z[b] > 0]
        sets = sorted((tuple(sorted(self.vertices[b])), self.z[b]) for b in priced)
        return Prices(tuple(self.y), tuple(sets))

    # -- one search ------------------------------------------------------------------------------

    def _search(self, root: int) -> None:
        self.now = 0
        self.events = []
        self.touched = []
        self.spare += self.opened
        self.opened = []
        self._become_outer(self.top[root])
        while not self._handle(*heapq.heappop(self.events)):
            pass

    def _handle(self, time: int, kind: int, a: int, b: int) -> bool:
        """Deal with one event; True when the search is over."""
        self.now = time
        if kind == RETIRE:
            return self._retire(a)
        if kind == OPEN:
            if self.role[a] == INNER and self._price_of_set(a) == 0:
                self._open(a)
            return False
        return self._along(a, b)

    def _along(self, u: int, v: int) -> bool:
        """The edge between outer vertex u and v is due."""
        there = self.top[v]
        if self.top[u] == there or self.role[there] == INNER or self._slack(u, v) > 0:
            return False
        if self.role[there] == OUTER:
            self._shrink(u, v)
            return False
        if self.mate[self.base[there]] == NOBODY:
            self._finish()
            self._rebase(there, v)
            self.mate[v] = u
            self._flip(u, v)
            return True
        self._become_inner(there, u, v)
        self._become_outer(self.top[self.mate[self.base[there]]])
        return False

    def _retire(self, v: int) -> bool:
        if self.role[self.top[v]] != OUTER or self._price(v) > 0:
            return False
        self._finish()
        self._flip(v, NOBODY)
        return True

    def _finish(self) -> None:
        for b in self.touched:
            self._settle(b)
            self.role[b] = UNTOUCHED

    # -- prices that move with time ------------------------------------------------------------

    def _price(self, v: int) -> int:
        b = self.top[v]
        return self.y[v] + PACE[self.role[b]] * (self.now - self.since[b])

    def _price_of_set(self, b: int) -> int:
        return self.z[b] - 2 * PACE[self.role[b]] * (self.now - self.since[b])

    def _slack(self, u: int, v: int) -> int:
        return self._price(u) + self._price(v) - self.neighbours[u][v]

    def _settle(self, b: int) -> None:
        """Write down the prices inside outermost blossom b as they are now."""
        moved = PACE[self.role[b]] * (self.now - self.since[b])
        if moved:
            for v in self.vertices[b]:
                self.y[v] += moved
            if self.children[b]:
                self.z[b] -= 2 * moved
        self.since[b] = self.now

    # -- roles ----------------------------------------------------------------------------------

    def _take_role(self, b: int, role: int) -> None:
        self._settle(b)
        self.role[b] = role
        self.touched.append(b)

    def _become_inner(self, b: int, u: int, v: int) -> None:
        self._take_role(b, INNER)
        self.via[b] = (u, v)
        if self.children[b]:
            heapq.heappush(self.events, (self.now + self.z[b] // 2, OPEN, b, NOBODY))

    def _become_outer(self, b: int) -> None:
        self._take_role(b, OUTER)
        self._announce(b, self.vertices[b])

    def _announce(self, b: int, vertices: Iterable[int]) -> None:
        """Put into the heap what the vertices, now outer within b, may lead to."""
        top, role, y, since, now, events = self.top, self.role, self.y, self.since, self.now, self.events
        for u in vertices:
            y_u = y[u]
            heapq.heappush(events, (now + y_u, RETIRE, u, NOBODY))
            for v, weight in self.neighbours[u].items():
                there = top[v]
                if there == b or role[there] == INNER:
                    continue
                if role[there] == OUTER:
                    due = (y_u + y[v] - (now - since[there]) - weight) // 2
                else:
                    due = y_u + y[v] - weight
                # By no later than now + y_u the vertex u itself is due, which ends the search.
                if due <= y_u:
                    heapq.heappush(events, (now + due, ALONG, u, v))

    def _release(self, b: int) -> None:
        """Blossom b is out of the tree again; outer vertices beside it may reach it anew."""
        self.role[b] = UNTOUCHED
        for v in self.vertices[b]:
            for u in self.neighbours[v]:
                if self.role[self.top[u]] == OUTER:
                    heapq.heappush(self.events, (self.now + self._slack(u, v), ALONG, u, v))

    # -- blossoms -------------------------------------------------------------------------------

    def _shrink(self, u: int, v: int) -> None:
        left, right = self._path_to_root(self.top[u]), self._path_to_root(self.top[v])
        above = {b for b, _ in right}
        meeting = next(b for b, _ in left if b in above)
        left = left[: [b for b, _ in left].index(meeting)]
        right = right[: [b for b, _ in right].index(meeting)]
        # Round the cycle: from the meeting down to u, across, and from v up again.
        children = [meeting, *(b for b, _ in reversed(left)), *(b for b, _ in right)]
        links = [(y, x) for _, (x, y) in reversed(left)] + [(u, v)] + [link for _, link in right]
        was_inner = [x for b in children if self.role[b] == INNER for x in self.vertices[b]]
        blossom = self._new_blossom()
        for child in children:
            self._settle(child)
            self.role[child] = UNTOUCHED
        self.children[blossom], self.links[blossom] = children, links
        self.base[blossom] = self.base[meeting]
        self.vertices[blossom] = [x for child in children for x in self.vertices[child]]
        for x in self.vertices[blossom]:
            self.top[x] = blossom
        self.since[blossom] = self.now
        self.role[blossom] = OUTER
        self.touched.append(blossom)
        self._announce(blossom, was_inner)

    def _path_to_root(self, outer: int) -> list[tuple[int, tuple[int, int]]]:
        """Blossoms from an outer one to the root's, each with its link (own vertex, vertex of the next)."""
        path = []
        while self.mate[self.base[outer]] != NOBODY:
            base = self.base[outer]
            inner = self.top[self.mate[base]]
            u, v = self.via[inner]
            path += [(outer, (base, self.mate[base])), (inner, (v, u))]
            outer = self.top[u]
        path.append((outer, (NOBODY, NOBODY)))
        return path

    def _new_blossom(self) -> int:
        if self.spare:
            return self.spare.pop()
        self.children.append([])
        self.links.append([])
        self.vertices.append([])
        for numbers in (self.base, self.z, self.role, self.since):
            numbers.append(0)
        self.via.append((NOBODY, NOBODY))
        return len(self.z) - 1

    def _open(self, b: int) -> None:
        """Replace inner blossom b of price 0 by its children; those on the even way in stay in the tree."""
        self._settle(b)
        u, v = self.via[b]
        children, links = self.children[b], self.links[b]
        for child in children:
            self.since[child] = self.now
            for x in self.vertices[child]:
                self.top[x] = child
        self.role[b] = UNTOUCHED
        self._discard(b)
        start = children.index(self.top[v])
        way = self._even_way(children, links, start)
        on_the_way = {start} | {k for k, _ in way}
        self._become_inner(self.top[v], u, v)
        for position, (_, (x, y)) in enumerate(way):
            if position % 2 == 1:
                self._become_inner(self.top[y], x, y)
        for position, (_, (_x, y)) in enumerate(way):
            if position % 2 == 0:
                self._become_outer(self.top[y])
        for k, child in enumerate(children):
            if k not in on_the_way:
                self._release(child)

    def _discard(self, b: int) -> None:
        self.children[b], self.links[b], self.vertices[b] = [], [], []
        self.z[b] = 0
        self.opened.append(b)

    @staticmethod
    def _even_way(children: list[int], links: list[tuple[int, int]], start: int) -> list[tuple[int, tuple[int, int]]]:
        """From child `start` to child 0 in an even number of steps: (index arrived at, link walked)."""
        size = len(children)
        if start % 2 == 0:
            return [(k, (links[k][1], links[k][0])) for k in range(start - 1, -1, -1)]
        return [((k + 1) % size, links[k]) for k in range(start, size)]

    # -- changing the matching ------------------------------------------------------------------

    def _flip(self, s: int, partner: int) -> None:
        """Match s to partner (already matched to s), and alternate along the path from s to the root."""
        while True:
            outer = self.top[s]
            next_mate = self.mate[self.base[outer]]
            self._rebase(outer, s)
            self.mate[s] = partner
            if next_mate == NOBODY:
                return
            inner = self.top[next_mate]
            u, v = self.via[inner]
            self._rebase(inner, v)
            self.mate[v] = u
            s, partner = u, v

    def _rebase(self, b: int, v: int) -> None:
        """Turn the matching inside blossom b so that v is the vertex not matched inside."""
        if self.base[b] == v:
            return
        children, links = self.children[b], self.links[b]
        start = next(k for k, child in enumerate(children) if v in self.vertices[child])
        self._rebase(children[start], v)
        for position, (_, (x, y)) in enumerate(self._even_way(children, links, start)):
            if position % 2 == 1:
                self._rebase(self._child_with(children, x), x)
                self._rebase(self._child_with(children, y), y)
                self.mate[x], self.mate[y] = y, x
        self.children[b] = children[start:] + children[:start]
        self.links[b] = links[start:] + links[:start]
        self.base[b] = v

    def _child_with(self, children: list[int], v: int) -> int:
        return next(child for child in children if v in self.vertices[child])
