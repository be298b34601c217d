"""Importing people and nominations into a cohort: all or nothing, and the same again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from buddying.importing import plan as planning
from buddying.importing.nominations import Wishes
from buddying.importing.people import PersonDraft
from buddying.importing.plan import Choices, Here, Plan, Snapshot, Source
from buddying.inviting import invite
from buddying.models import Cohort, Nomination, Participant, Person, ProgrammeLead, Refusal, RoleGrant

BATCH = 2000
ORGANISATIONS_FACTS = ("department", "level", "place")
OWN_FACTS = ("team", "time_zone")


class Imported(NamedTuple):
    """``added`` counts participants that the cohort did not have before; ``invited`` counts invitations sent."""

    plan: Plan
    added: int = 0
    invited: int = 0


def plan_import(
    cohort: Cohort, people: Source, nominations: Source = planning.NOTHING, choices: Choices | None = None
) -> Plan:
    """What the import would do; changes nothing."""
    choices = choices or Choices()
    readings = planning.read(people, nominations, choices)
    return planning.plan_of(readings, choices, snapshot_of(cohort, readings.drafts))


@transaction.atomic
def import_files(
    cohort: Cohort,
    people: Source,
    nominations: Source = planning.NOTHING,
    choices: Choices | None = None,
    *,
    by: Any = None,
    at: datetime | None = None,
) -> Imported:
    """Plan again under a lock, and save if the plan is ready; otherwise nothing changes and the plan says why.

    People who have not agreed, and can be written to, are invited in the name of ``by``.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    plan = plan_import(cohort, people, nominations, choices)
    if not plan.ready:
        return Imported(plan)
    at = at or timezone.now()
    added = _save_people(plan, cohort, at)
    _save_wishes(plan, cohort, at)
    return Imported(plan, added, len(invite(cohort, _to_invite(plan, cohort), by, at).invited))


def snapshot_of(cohort: Cohort, drafts: Iterable[PersonDraft]) -> Snapshot:
    participants = list(cohort.participants.select_related("person"))
    references = {one.person_id: one.reference for one in participants}
    inside = {one.person.email.lower() for one in participants if one.person.email}
    elsewhere = _people_by_address(draft.email for draft in drafts)
    return Snapshot(
        here=tuple(
            Here(
                reference=one.reference,
                email=one.person.email or "",
                manager=references.get(one.person.manager_id or 0, ""),
                left=one.left_at is not None,
                chose=one.chose_at is not None,
            )
            for one in participants
        ),
        taken=frozenset(set(elsewhere) - inside),
        closed=frozenset(address for address, person in elsewhere.items() if not person.is_active),
        topics=tuple(cohort.programme.topics),
    )


def _people_by_address(addresses: Iterable[str]) -> dict[str, Person]:
    wanted = sorted({address for address in addresses if address})
    found: dict[str, Person] = {}
    for begin in range(0, len(wanted), BATCH):
        some = Person.objects.alias(address=Lower("email")).filter(address__in=wanted[begin : begin + BATCH])
        found |= {(person.email or "").lower(): person for person in some}
    return found


def _save_people(plan: Plan, cohort: Cohort, at: datetime) -> int:
    rows = _Rows(cohort, plan.people)
    for draft in plan.people:
        rows.take(draft, joined_at=at if plan.choices.agreed else None)
    Person.objects.bulk_create(rows.new_people, batch_size=BATCH)
    Person.objects.bulk_update(
        rows.changed_people, ["email", "name", *OWN_FACTS, *ORGANISATIONS_FACTS], batch_size=BATCH
    )
    Participant.objects.bulk_create(rows.new_participants, batch_size=BATCH)
    Participant.objects.bulk_update(
        rows.changed_participants, ["reference", "joined_at", "hours_per_month", "wants", "offers"], batch_size=BATCH
    )
    if plan.has_managers:
        _save_managers(plan, cohort)
    return len(rows.new_participants)


class _Rows:
    """Sorts drafts into people and participants to make and to change."""

    def __init__(self, cohort: Cohort, drafts: list[PersonDraft]) -> None:
        self.cohort = cohort
        here = list(cohort.participants.select_related("person"))
        self.by_reference = {one.reference: one for one in here if one.reference}
        self.by_address = {one.person.email.lower(): one for one in here if one.person.email}
        self.elsewhere = _people_by_address(draft.email for draft in drafts)
        self.others = others_people(cohort, [*(one.person for one in here), *self.elsewhere.values()])
        self.new_people: list[Person] = []
        self.changed_people: list[Person] = []
        self.new_participants: list[Participant] = []
        self.changed_participants: list[Participant] = []

    def take(self, draft: PersonDraft, joined_at: datetime | None) -> None:
        known = self.by_reference.get(draft.reference) or self.by_address.get(draft.email)
        person = known.person if known else self.elsewhere.get(draft.email)
        if person is None:
            person = self._new_person(draft)
        elif person.pk not in self.others and _fill_in(person, draft):
            self.changed_people.append(person)
        if person.last_login:
            joined_at = None  # whoever has an account says yes themself
        if known is None:
            known = Participant(cohort=self.cohort, person=person)
            self.new_participants.append(known)
        elif _differs(known, draft, joined_at):
            self.changed_participants.append(known)
        known.reference = draft.reference
        known.joined_at = known.joined_at or joined_at
        known.hours_per_month = known.hours_per_month or draft.facts.get("hours_per_month")
        known.wants = known.wants or draft.topics.get("wants", [])
        known.offers = known.offers or draft.topics.get("offers", [])

    def _new_person(self, draft: PersonDraft) -> Person:
        person = Person(email=draft.email or None, name=draft.shown_name, time_zone=self.cohort.time_zone)
        person.set_unusable_password()
        _fill_in(person, draft)
        self.new_people.append(person)
        return person


def _differs(known: Participant, draft: PersonDraft, joined_at: datetime | None) -> bool:
    return (
        known.reference != draft.reference
        or (known.joined_at is None and joined_at is not None)
        or (known.hours_per_month is None and draft.facts.get("hours_per_month") is not None)
        or any(topics and not getattr(known, column) for column, topics in draft.topics.items())
    )


def _fill_in(person: Person, draft: PersonDraft) -> bool:
    """What the organisation knows follows the file; what people say of themselves is theirs once they were here.

    An address, once there, is never changed: it is how a person gets in.
    """
    new: dict[str, Any] = {name: draft.facts[name] for name in ORGANISATIONS_FACTS if name in draft.facts}
    own = {"name": draft.name} | {name: draft.facts.get(name) for name in OWN_FACTS}
    new |= {
        name: value for name, value in own.items() if value and (person.last_login is None or not getattr(person, name))
    }
    if draft.email and not person.email:
        new["email"] = draft.email
    changed = {name: value for name, value in new.items() if getattr(person, name) != value}
    for name, value in changed.items():
        setattr(person, name, value)
    return bool(changed)


def others_people(cohort: Cohort, people: Iterable[Person]) -> set[int]:
    """Those whom a file for this cohort does not change: they are on another programme's list, or have a role.

    The same as ``may_correct`` has it by hand, but for what the organisation knows (department, manager).
    """
    ids = {person.pk for person in people}
    elsewhere = Participant.objects.exclude(cohort__programme=cohort.programme_id).filter(person__in=ids)
    roles = RoleGrant.objects.live().filter(person__in=ids)
    leads = ProgrammeLead.objects.filter(person__in=ids)
    return {pk for rows in (elsewhere, roles, leads) for pk in rows.values_list("person", flat=True)}


def _save_managers(plan: Plan, cohort: Cohort) -> None:
    people = {one.reference: one.person for one in cohort.participants.select_related("person")}
    people.pop("", None)
    others = others_people(cohort, people.values())
    changed = []
    for draft in plan.people:
        person, manager = people[draft.reference], people.get(draft.manager)
        if person.pk not in others and person.manager_id != (manager.pk if manager else None):
            person.manager = manager
            changed.append(person)
    Person.objects.bulk_update(changed, ["manager"], batch_size=BATCH)


def _save_wishes(plan: Plan, cohort: Cohort, at: datetime) -> None:
    """The file's word replaces an earlier file's, never what people chose here themselves."""
    listed = cohort.participants.listed().exclude(reference="")
    known = {one.reference: one for one in listed}
    namers = [known[one] for one in plan.wishes if one in known and known[one].chose_at is None]
    numbers = [namer.pk for namer in namers]
    Nomination.objects.filter(nominator__in=numbers).delete()
    Refusal.objects.filter(refuser__in=numbers).delete()
    nominations = [row for namer in namers for row in _nominations(namer, plan.wishes[namer.reference], known, at)]
    Nomination.objects.bulk_create(nominations, batch_size=BATCH)
    Refusal.objects.bulk_create(
        [
            Refusal(refuser=namer, refused=known[one], refused_at=at)
            for namer in namers
            for one in plan.wishes[namer.reference].refused
            if one in known
        ],
        batch_size=BATCH,
    )
    named = {row.nominator_id for row in nominations}
    Participant.objects.filter(pk__in=named, nominated_at=None).update(nominated_at=at)


def _nominations(
    namer: Participant, wishes: Wishes, known: dict[str, Participant], at: datetime
) -> Iterable[Nomination]:
    ranked = [known[one] for one in wishes.ranked if one in known]
    also = [known[one] for one in wishes.also if one in known]
    ranks = [(nominee, rank) for rank, nominee in enumerate(ranked, 1)] + [(nominee, None) for nominee in also]
    return (Nomination(nominator=namer, nominee=nominee, rank=rank, named_at=at) for nominee, rank in ranks)


def _to_invite(plan: Plan, cohort: Cohort) -> list[str]:
    """Addresses of people in the file who are listed and have not joined."""
    references = {draft.reference for draft in plan.people}
    waiting = cohort.participants.listed().filter(joined_at=None, person__email__isnull=False)
    rows = waiting.values_list("reference", "person__email")
    return [address for reference, address in rows if address and reference in references]
