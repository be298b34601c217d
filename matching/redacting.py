"""Taking people out of what match runs keep: names, hours, topics, who named and who refused whom.

A published run was proven when it was published. Without these rows nobody can prove it anew, so a digest of both its
snapshot and its plan as they were stays: whoever holds a copy can still show that it is the one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from buddying.models import Participant, Person
from buddying.models.people import somebody
from matching.models import MatchRun, Proposal

Ids = Collection[str]
EMPTY: dict[str, Any] = {
    "department": None,
    "level": None,
    "manager_id": None,
    "place": None,
    "hours_per_month": None,
    "free": [],
    "wants": [],
    "offers": [],
    "goals": [],
}


def forget_person(person: Person, at: datetime) -> None:
    """A run that is still being worked out is called off: it would bring back what it has read."""
    places = Participant.objects.filter(person=person)
    runs = MatchRun.objects.filter(cohort__in=places.values("cohort"))
    runs.unfinished().update(cancelled_at=at)
    ids = {str(pk) for pk in places.values_list("pk", flat=True)}
    for run in runs.exclude(snapshot={}).select_for_update(no_key=True).order_by("pk"):
        redact(run, ids, at)
    Proposal.objects.filter(seats__participant__in=places).update(reasons_for_lead=[], reasons_for_members=[])


def forget_everybody(runs: Collection[MatchRun], at: datetime) -> None:
    for run in runs:
        redact(run, {person["id"] for person in run.snapshot.get("people", ())}, at)


def redact(run: MatchRun, ids: Ids, at: datetime) -> None:
    """Idempotent."""
    snapshot, plan = _snapshot(run.snapshot, ids), _plan(run.plan, ids)
    if (snapshot, plan) == (run.snapshot, run.plan):
        return
    if run.published_at and not run.proof:
        run.proof = {"sha256": digest_of(run.snapshot, run.plan), "noted_at": at.isoformat()}
    run.snapshot, run.plan = snapshot, plan
    run.save(update_fields=["snapshot", "plan", "proof"])


def digest_of(snapshot: dict[str, Any], plan: dict[str, Any]) -> str:
    text = json.dumps([snapshot, plan], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _snapshot(snapshot: dict[str, Any], ids: Ids) -> dict[str, Any]:
    if not snapshot:
        return snapshot
    return snapshot | {
        "people": [_person(row, ids) for row in snapshot["people"]],
        "nominations": [
            row for row in snapshot.get("nominations", ()) if not {row["from_id"], row["to_id"]} & set(ids)
        ],
        "refusals": [pair for pair in snapshot.get("refusals", ()) if not set(pair) & set(ids)],
    }


def _person(row: dict[str, Any], ids: Ids) -> dict[str, Any]:
    if row["id"] in ids:
        return row | {name: value for name, value in ({"name": somebody()} | EMPTY).items() if name in row}
    return row | {"manager_id": None} if row.get("manager_id") in ids else row


def _plan(plan: dict[str, Any], ids: Ids) -> dict[str, Any]:
    if not plan:
        return plan
    return plan | {"pairings": [_pairing(row, ids) for row in plan["pairings"]]}


def _pairing(row: dict[str, Any], ids: Ids) -> dict[str, Any]:
    return row | {"reasons": []} if set(row["members"]) & set(ids) else row
