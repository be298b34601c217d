"""What people are told by mail when pairs are published."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from buddying.models import Participant
from buddying.words import listed
from matching.models import MatchRun, Pairing, PairingMember
from matching.snapshot import to_be_matched
from outbox import posting
from outbox.kinds import Kind, Letter, letter, register
from outbox.models import Message

PUBLISHED, WAITING = "pairing_published", "waiting_for_buddy"


def register_kinds() -> None:
    register(Kind(PUBLISHED, "You are paired", pairing_published))
    register(Kind(WAITING, "You are waiting for a buddy", waiting_for_buddy))


def post_pairings(pairings: Iterable[Pairing], run: MatchRun) -> None:
    seats = PairingMember.objects.filter(pairing__in=list(pairings)).select_related("participant__person")
    posting.post_many(
        posting.Draft(
            kind=PUBLISHED,
            key=f"{PUBLISHED}:{seat.pairing_id}:{seat.participant_id}",
            to=seat.participant.person,
            about_id=seat.pairing_id,
            params={"seat": seat.pk, "run": run.pk},
        )
        for seat in seats
    )


def post_waiting(run: MatchRun, participants: Iterable[Participant]) -> None:
    posting.post_many(
        posting.Draft(
            kind=WAITING,
            key=f"{WAITING}:{run.pk}:{participant.pk}",
            to=participant.person,
            about_id=run.pk,
            params={"participant": participant.pk},
        )
        for participant in participants
    )


def pairing_published(message: Message) -> Letter | None:
    seats = PairingMember.objects.filter(left_at=None, pairing__closed_at=None)
    seat = (
        seats.filter(pk=message.params["seat"])
        .select_related("pairing__cohort__programme", "participant__person")
        .first()
    )
    if seat is None:
        return None
    person = seat.participant.person
    buddies = seat.pairing.buddies_of(person)
    return letter(
        PUBLISHED,
        {
            "person": person,
            "buddies": buddies,
            "names": listed([str(buddy) for buddy in buddies]),
            "cohort": seat.pairing.cohort,
            "reasons": seat.pairing.reasons,
            "action_url": address_of("insights:pairing", seat.pairing_id),
            "action_label": "Go to your pairing",
        },
    )


def waiting_for_buddy(message: Message) -> Letter | None:
    rows = Participant.objects.filter(pk=message.params["participant"])
    participant = rows.select_related("person", "cohort__programme").first()
    if participant is None or not to_be_matched(participant.cohort).filter(pk=participant.pk).exists():
        return None
    leads = [lead.person for lead in participant.cohort.programme.leads.select_related("person")]
    return letter(
        WAITING,
        {
            "person": participant.person,
            "cohort": participant.cohort,
            "leads": listed([str(lead) for lead in leads if lead.is_active]),
            "action_url": address_of("insights:home"),
            "action_label": "Open your page",
        },
    )


def address_of(name: str, *args: int) -> str:
    """The page's address for a mail; the front page where the floors above have no such page."""
    try:
        return settings.BASE_URL + reverse(name, args=args)
    except NoReverseMatch:
        return settings.BASE_URL + "/"
