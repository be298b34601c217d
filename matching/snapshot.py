"""A cohort as the engine sees it: its people, their wishes, and what was before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from buddying.models import Cohort, Nomination, Participant, Person, Refusal, WeeklyWindow
from matching import engine
from matching.models import PairingMember
from matching.waiting import to_be_matched, with_priority
from matching.week import free_half_hours, reference_week

Ids = dict[int, str]  # person's number -> the engine's id, which is the participant's number as text


def problem_of(cohort: Cohort, policy: engine.Policy, stand_in: Participant | None = None) -> engine.Problem:
    """Everybody who is to be matched. Asks a fixed number of queries, however many people take part."""
    people = list(to_be_matched(cohort).select_related("person").order_by("pk"))
    if stand_in is None or stand_in in people:
        return problem_among(people, cohort, policy)
    problem = problem_among([*people, stand_in], cohort, policy)
    return replace(problem, people=tuple(_standing_in(person, stand_in) for person in problem.people))


def _standing_in(person: engine.Person, stand_in: Participant) -> engine.Person:
    return replace(person, stand_in=True) if person.id == str(stand_in.pk) else person


def problem_among(people: Iterable[Participant], cohort: Cohort, policy: engine.Policy) -> engine.Problem:
    """These participants of the cohort. Who was paired in this cohort before is not paired again."""
    participants = list(people)
    ids = {participant.person_id: str(participant.pk) for participant in participants}
    policy = _without_repeats(policy)
    return engine.Problem(
        people=_people(participants, ids, policy, cohort),
        nominations=_nominations(participants),
        refusals=refusals_among(participants),
        past=_past(cohort, ids),
        policy=policy,
    )


def _without_repeats(policy: engine.Policy) -> engine.Policy:
    within = policy.rules.no_repeat_within or 0
    return replace(policy, rules=replace(policy.rules, no_repeat_within=within))


def refusals_among(participants: Iterable[Participant]) -> tuple[tuple[str, str], ...]:
    known = [participant.pk for participant in participants]
    refusals = Refusal.objects.filter(refuser__in=known, refused__in=known).order_by("pk")
    return tuple((str(a), str(b)) for a, b in refusals.values_list("refuser", "refused"))


def _people(
    participants: list[Participant], ids: Ids, policy: engine.Policy, cohort: Cohort
) -> tuple[engine.Person, ...]:
    managers = managers_of(participants, whole_line=policy.rules.whole_line)
    windows, monday = _windows(ids), reference_week(cohort)
    first = set(with_priority(cohort).values_list("pk", flat=True))
    return tuple(
        engine.Person(
            id=str(participant.pk),
            name=str(person),
            department=person.department or None,
            level=person.level,
            manager_id=managers.get(str(participant.pk)),
            place=person.place or None,
            free=free_half_hours(windows[person.pk], person.zone, monday),
            hours_per_month=participant.hours_per_month,
            wants=frozenset(participant.wants),
            offers=frozenset(participant.offers),
            goals=frozenset(participant.wants),  # what they work on
            waiting_priority=participant.pk in first,
        )
        for participant in participants
        for person in [participant.person]
    )


def managers_of(participants: Iterable[Participant], *, whole_line: bool) -> dict[str, str]:
    """Each one's manager among the participants; up the whole line, the nearest one who takes part."""
    people = {participant.person_id: participant for participant in participants}
    above = {person: participant.person.manager_id for person, participant in people.items()}
    if whole_line:
        above = dict(Person.objects.values_list("pk", "manager")) | above
    present = set(people)
    found = {person: _nearest(person, above, present, whole_line) for person in people}
    return {str(people[a].pk): str(people[b].pk) for a, b in found.items() if b is not None}


def lines_of_management(participants: Iterable[Participant], *, whole_line: bool) -> Iterator[tuple[str, str]]:
    """Pairs of a participant and a manager of theirs: the direct one, or every one up the line."""
    managers = managers_of(participants, whole_line=whole_line)
    for person in managers:
        seen, above = {person}, managers.get(person)
        while above is not None and above not in seen:
            yield person, above
            seen.add(above)
            above = managers.get(above) if whole_line else None


def _nearest(person: int, above: dict[int, int | None], present: set[int], whole_line: bool) -> int | None:
    seen, manager = {person}, above.get(person)
    while whole_line and manager is not None and manager not in present | seen:
        seen.add(manager)
        manager = above.get(manager)
    return manager if manager in present and manager != person else None


def _windows(people: Iterable[int]) -> dict[int, list[WeeklyWindow]]:
    windows: dict[int, list[WeeklyWindow]] = defaultdict(list)
    for window in WeeklyWindow.objects.filter(person__in=list(people)):
        windows[window.person_id].append(window)
    return windows


def _nominations(participants: list[Participant]) -> tuple[engine.Nomination, ...]:
    known = [participant.pk for participant in participants]
    named = Nomination.objects.filter(nominator__in=known, nominee__in=known).order_by("pk")
    rows = named.values_list("nominator", "nominee", "rank")
    return tuple(engine.Nomination(str(a), str(b), rank) for a, b, rank in rows)


def _cohorts_ago(cohort: Cohort) -> dict[int, int]:
    """This cohort is 0, the one before it 1."""
    others = cohort.programme.cohorts.filter(starts_on__lte=cohort.starts_on).exclude(pk=cohort.pk)
    before = others.order_by("-starts_on", "-pk").values_list("pk", flat=True)
    return {pk: number for number, pk in enumerate([cohort.pk, *before])}


def _past(cohort: Cohort, ids: Ids) -> tuple[engine.Past, ...]:
    """Pairings of the programme, live or closed, between people who are to be matched now."""
    ago = _cohorts_ago(cohort)
    seats = PairingMember.objects.filter(participant__cohort__in=list(ago), participant__person__in=list(ids))
    together: dict[tuple[int, int], list[str]] = defaultdict(list)
    for pairing, of, person in seats.order_by("pk").values_list(
        "pairing", "participant__cohort", "participant__person"
    ):
        together[pairing, ago[of]].append(ids[person])
    return tuple(engine.Past(tuple(members), n) for (_, n), members in together.items() if len(members) > 1)
