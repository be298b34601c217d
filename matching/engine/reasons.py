"""Why these people are together, in plain words and two voices.

The lead may read who named whom. Members read the same sentences about themselves, all of them the same,
and only what each already knows or may know: never who named whom (but for "you named each other"), never a
refusal.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

from .plan import TIERS, Reason, Tier
from .problem import Person
from .weights import Named, Weights

NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
CHOICES = ("", "first", "second", "third", "fourth", "fifth")


def tier_of(weights: Weights, members: tuple[int, ...]) -> Tier:
    """The best tier that each member has with some other member, and of these the least."""
    some = members[:1] if len(members) == 2 else members  # two say the same of each other
    return max((tier_of_person(weights, v, members) for v in some), key=TIERS.index)


def tier_of_person(weights: Weights, person: int, members: tuple[int, ...]) -> Tier:
    tiers = (weights.named_by(person, b).tier for b in members if b != person)
    return min(tiers, key=TIERS.index)  # TIERS begins with the best


def reasons_for(weights: Weights, members: tuple[int, ...], pinned: bool) -> tuple[Reason, ...]:
    people = [weights.table.people[v] for v in members]
    found = list(_pinned(pinned)) + list(_stands_in(people))
    found += _named(weights, members)
    found += _free_hours(people)
    found += _departments(people)
    found += _places(people)
    found += _levels(people)
    found += _offers(people)
    found += _goals(people)
    found += _commitment(people)
    return tuple(found) or (_whole_cohort(),)


def _whole_cohort() -> Reason:
    return Reason(
        "whole-cohort",
        "Chosen with the whole cohort in view; nothing that they told us speaks for it or against it.",
        "This pairing was chosen with the whole cohort in view.",
    )


def _pinned(pinned: bool) -> Iterator[Reason]:
    if pinned:
        yield Reason("pinned", "Put together by a lead.", "Your programme lead put you together.")


def _stands_in(people: list[Person]) -> Iterator[Reason]:
    for person in people:
        if person.stand_in:
            yield Reason("stands-in", f"{person.called} joins, so that one more person has a buddy.")


def _named(weights: Weights, members: tuple[int, ...]) -> Iterator[Reason]:
    pairs = [(a, b, weights.named_by(a, b)) for a, b in combinations(members, 2)]
    all_named = all(named.first and named.second for _, _, named in pairs)
    told = "" if not all_named else "You named each other." if len(members) == 2 else "You all named each other."
    for a, b, named in pairs:
        first, second = weights.table.people[a].called, weights.table.people[b].called
        if named.first and named.second:
            yield Reason("named-each-other", f"{_mutually(first, second, named)}", told)
            told = ""
        elif named.first or named.second:
            yield Reason("named", _said(first, second, named.first) or _said(second, first, named.second))


def _mutually(first: str, second: str, named: Named) -> str:
    if named.first == named.second == 1:
        return f"{first} and {second} named each other first."
    return f"{first} and {second} named each other: {_said(first, second, named.first)[:-1]}, " + (
        f"{_said(second, first, named.second)}"
    )


def _said(who: str, whom: str, rank: int) -> str:
    if rank == 0:
        return ""
    if rank < 0:
        return f"{who} is also happy with {whom}."
    choice = CHOICES[rank] if rank < len(CHOICES) else f"in place {rank}"
    return f"{who} named {whom} {choice}."


def _free_hours(people: list[Person]) -> Iterator[Reason]:
    halves = len(frozenset.intersection(*(person.free for person in people)))
    if halves:
        hours = _hours(halves)
        yield _both("common-time", f"{hours.capitalize()} a week in common.", f"You have {hours} a week in common.")


def _hours(halves: int) -> str:
    whole, half = divmod(halves, 2)
    if not whole:
        return "half a free hour"
    number = NUMBERS[whole] if whole < len(NUMBERS) else str(whole)
    if half:
        return f"{number} and a half free hours"
    return f"{number} free hour{'' if whole == 1 else 's'}"


def _departments(people: list[Person]) -> Iterator[Reason]:
    known = {person.department for person in people if person.department}
    if len(known) == len(people):
        yield _both("different-departments", "Different departments.", "You work in different departments.")


def _places(people: list[Person]) -> Iterator[Reason]:
    place = people[0].place
    if place and all(person.place == place for person in people):
        yield _both("same-place", f"Same place: {place}.", f"You are in the same place: {place}.")


def _levels(people: list[Person]) -> Iterator[Reason]:
    levels = {person.level for person in people if person.level is not None}
    if len(levels) == len(people):
        yield _both("different-levels", "Different levels.", "You look at things from different levels.")
    elif len(levels) == 1 and all(person.level is not None for person in people):
        yield _both("same-level", "The same level.", "You work at the same level.")


def _offers(people: list[Person]) -> Iterator[Reason]:
    """To members without a name: what they are told is kept, and a name is not theirs to keep."""
    fits = [(a, b, sorted(a.offers & b.wants)) for a, b in permutations(people, 2) if a.offers & b.wants]
    told = _helped(len(people), [topics for _, _, topics in fits]) if fits else ""
    for a, b, topics in fits:
        lead = f"{a.called} can help with {_quoted(topics)}, which {b.called} would like to get better at."
        yield Reason("wants-and-offers", lead, told)
        told = ""


def _helped(people: int, directions: list[list[str]]) -> str:
    topics = _quoted(list(dict.fromkeys(topic for direction in directions for topic in direction)))
    if people > 2:
        return f"Among you somebody can help with {topics}, which somebody else would like to get better at."
    if len(directions) == 2:
        return f"Each of you can help with something that the other would like to get better at: {topics}."
    return f"One of you can help with {topics}, which the other would like to get better at."


def _quoted(topics: list[str]) -> str:
    *first, last = (f"“{topic}”" for topic in topics)
    return f"{', '.join(first)} and {last}" if first else last


def _goals(people: list[Person]) -> Iterator[Reason]:
    goals = [person.goals for person in people]
    if all(goals) and all(not (a & b) for a, b in combinations(goals, 2)):
        yield _both("different-goals", "They work on different things.", "You work on different things.")


def _commitment(people: list[Person]) -> Iterator[Reason]:
    hours = [person.hours_per_month for person in people if person.hours_per_month]
    if len(hours) == len(people) and 4 * min(hours) >= 3 * max(hours):
        yield _both("similar-commitment", "Similar time to give.", "You each have a similar amount of time to give.")


def _both(code: str, for_lead: str, for_members: str) -> Reason:
    return Reason(code, for_lead, for_members)
