"""A few people of a problem, with all that the rules ask about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from matching import engine


def among(problem: engine.Problem, people: Iterable[str]) -> engine.Problem:
    """These people and whoever stands above them. What holds between two of them holds as in the whole problem."""
    known = {person.id: person for person in problem.people}
    ids = {one for person in people for one in _line(person, known)}
    return replace(
        problem,
        people=tuple(person for person in problem.people if person.id in ids),
        nominations=tuple(wish for wish in problem.nominations if wish.from_id in ids and wish.to_id in ids),
        refusals=tuple(pair for pair in problem.refusals if ids.issuperset(pair)),
        past=tuple(past for past in problem.past if len(ids.intersection(past.members)) > 1),
        pinned=tuple(group for group in problem.pinned if ids.issuperset(group)),
        forbidden=tuple(pair for pair in problem.forbidden if ids.issuperset(pair)),
    )


def _line(person: str, known: dict[str, engine.Person]) -> set[str]:
    """This person and everybody above, as far as they are known."""
    line: set[str] = set()
    at: str | None = person
    while at in known and at not in line:
        line.add(at)
        at = known[at].manager_id
    return line
