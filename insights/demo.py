"""The demo programme: a cohort on its way, and one in which people still sign up. Made by the product's verbs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from buddying.models import Organisation, Person, Programme, RoleGrant
from buddying.topics import USUAL
from insights import demo_cohorts, snapshots
from insights import demo_words as words
from insights.demo_cast import address
from matching.models import Pairing
from outbox import reconciling
from outbox.models import DropReason, Message
from sessions_log.models import CoachingSession
from sessions_log.nudges import NOTHING_BOOKED


def is_loaded() -> bool:
    return Person.objects.with_address(address("Dora")).exists()


@transaction.atomic
def load(now: datetime | None = None) -> None:
    """Everything or nothing; nothing where it is loaded already."""
    if is_loaded():
        return
    now = now or timezone.now()
    organisation = Organisation.current()
    organisation.name = "Alder & Birch"
    organisation.contact_email = address("Olga")
    organisation.support_contacts = "Employee assistance, day and night: 0800 000 000\nOccupational health"
    organisation.save()
    dora = _with_role("Dora Lindqvist", RoleGrant.LEAD)
    _with_role("Olga Petrova", RoleGrant.ADMINISTRATOR)
    programme = _programme(dora)
    demo_cohorts.running_cohort(programme, dora, now)
    demo_cohorts.ending_cohort(programme, dora, now)
    demo_cohorts.open_cohort(programme, dora, now)
    snapshots.take_when_due(now)
    _send_nothing_of_the_past(now)


def _with_role(name: str, role: str) -> Person:
    person = Person.objects.create_user(address(name), name, team="People")
    RoleGrant.objects.create(person=person, role=role)
    return person


def _programme(lead: Person) -> Programme:
    programme = Programme.objects.create(
        name="Buddying at Alder & Birch",
        template="three-month-buddying",
        purpose="Colleagues from different teams support each other in something that each of them wants to learn.",
        community="Everybody at Alder & Birch, in every office. You need no experience with coaching.",
        ways="You meet about every two weeks for an hour: half of it for you, half for your buddy.",
        roles="You keep your dates and coach each other. Dora pairs you and answers questions; she never reads along.",
        rules="What you say to each other stays between you. Nobody is paired with their own manager.",
        outcomes="I have moved on with what I work on.\nI listen and ask more than I used to.",
        support_contacts=words.CONTACTS,
        topics=list(USUAL),
        created_by=lead,
    )
    programme.add_lead(lead, added_by=lead)
    return programme


def _send_nothing_of_the_past(now: datetime) -> None:
    """The demo's mailbox begins empty: what the past would have sent is put aside; reminders to come stay."""
    reconciling.run_all()
    Message.objects.waiting().filter(due_at__lte=timezone.now()).update(
        dropped_at=now, drop_reason=DropReason.WITHDRAWN
    )
    _remind_a_fortnight_ago(now)


def _remind_a_fortnight_ago(now: datetime) -> None:
    """Pairs that have never met had their reminder then, so that the lead can try a kind word."""
    then, has_met = now - timedelta(days=14), CoachingSession.objects.filter(held_at__isnull=False)
    never_met = Pairing.objects.exclude(pk__in=has_met.values("pairing")).values_list("pk", flat=True)
    Message.objects.filter(kind=NOTHING_BOOKED, about_id__in=map(str, never_met)).update(
        created_at=then, due_at=then, next_try_at=then, dated_at=then, sent_at=then
    )


def who() -> list[tuple[str, str]]:
    """Address and what that person sees, for whoever starts the demo."""
    pairs = CoachingSession.objects.filter(held_at__isnull=False).exists()
    return [
        (address("Ada"), "takes part: her pair has met, and it is time to reflect" if pairs else "takes part"),
        (address("Ravi"), "is in the last days of his cohort, and looks back"),
        (address("Wren"), "has just joined and has not filled in her profile"),
        (address("Dora"), "leads the programme and its three cohorts"),
        (address("Olga"), "administers"),
    ]
