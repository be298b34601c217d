"""Who of a draft is no longer as they were when it was made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddying.models import Nomination, Participant, WeeklyWindow
from matching.changes import takes_part
from matching.models import MatchRun
from matching.standing_in import with_stand_in
from matching.week import free_half_hours, reference_week

LOOKED_AT = ("department", "level", "place", "free", "hours_per_month", "wants", "offers")


def changed_since(run: MatchRun, participants: Iterable[Participant], viewer: Any) -> set[int]:
    """By what they said of themselves, whom they name, and whether they are still to be matched.

    Whom people name is left out for a lead who takes part: somebody may have named them.
    """
    known = {participant.pk: participant for participant in participants}
    rows = MatchRun.objects.filter(pk=run.pk).values_list("snapshot__people", "snapshot__nominations").get()
    then = {int(row["id"]): row for row in rows[0] or []}
    changed = {pk for pk, row in _as_now(run, known).items() if row != _looked_at(then.get(pk, {}))}
    if run.shows_wishes and not takes_part(viewer, run.cohort):
        changed |= _name_others(rows[1] or [], set(then), set(known))
    return changed | (set(known) - set(with_stand_in(run)))


def _looked_at(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in LOOKED_AT}


def _as_now(run: MatchRun, known: dict[int, Participant]) -> dict[int, dict[str, Any]]:
    windows: dict[int, list[WeeklyWindow]] = {participant.person_id: [] for participant in known.values()}
    for window in WeeklyWindow.objects.filter(person__in=windows):
        windows[window.person_id].append(window)
    monday = reference_week(run.cohort)
    return {
        pk: {
            "department": person.department or None,
            "level": person.level,
            "place": person.place or None,
            "free": sorted(free_half_hours(windows[person.pk], person.zone, monday)),
            "hours_per_month": participant.hours_per_month,
            "wants": sorted(participant.wants),
            "offers": sorted(participant.offers),
        }
        for pk, participant in known.items()
        for person in [participant.person]
    }


def _name_others(rows: list[dict[str, Any]], drafted: set[int], known: set[int]) -> set[int]:
    then: dict[int, set[Any]] = {pk: set() for pk in known}
    now: dict[int, set[Any]] = {pk: set() for pk in known}
    for row in rows:
        if int(row["from_id"]) in known:
            then[int(row["from_id"])].add((int(row["to_id"]), row["rank"]))
    named = Nomination.objects.filter(nominator__in=known, nominee__in=drafted)
    for nominator, nominee, rank in named.values_list("nominator", "nominee", "rank"):
        now[nominator].add((nominee, rank))
    return {pk for pk in known if then[pk] != now[pk]}
