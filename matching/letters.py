"""What people are told by mail: that it is time to name buddies, and when pairs are published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from buddying.models import Cohort, Participant
from buddying.words import listed
from matching.models import MatchRun, Pairing, PairingMember
from matching.snapshot import to_be_matched
from outbox import posting
from outbox.kinds import Letter, letter
from outbox.models import Message

PUBLISHED, WAITING, REMINDER = "pairing_published", "waiting_for_buddy", "nomination_reminder"


def reminders(cohort: Cohort, participants: Iterable[Participant], occasion: str, at: datetime) -> list[posting.Draft]:
    return [
        posting.Draft(
            kind=REMINDER,
            key=f"{REMINDER}:{cohort.pk}:{participant.pk}:{occasion}",
            to=participant.person,
            due_at=at,
            expires_at=cohort.nominations_close_at,
            about_id=cohort.pk,
            params={"participant": participant.pk},
            cohort_id=cohort.pk,
        )
        for participant in participants
    ]


def post_pairings(pairings: Iterable[Pairing], run: MatchRun) -> None:
    seats = PairingMember.objects.filter(pairing__in=list(pairings)).select_related("participant__person")
    posting.post_many(
        posting.Draft(
            kind=PUBLISHED,
            key=f"{PUBLISHED}:{seat.pairing_id}:{seat.participant_id}",
            to=seat.participant.person,
            about_id=seat.pairing_id,
            params={"seat": seat.pk, "run": run.pk},
            cohort_id=run.cohort_id,
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
            cohort_id=run.cohort_id,
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
    person, pairing = seat.participant.person, seat.pairing
    page = address_of("insights:pairing", pairing.pk)
    return letter(PUBLISHED, published_context(person, pairing.buddies_of(person), pairing, page))


def published_context(person: Any, buddies: list[Any], pairing: Any, page: str) -> dict[str, Any]:
    return {
        "person": person,
        "buddies": buddies,
        "names": listed([str(buddy) for buddy in buddies]),
        "cohort": pairing.cohort,
        "reasons": pairing.why,
        "action_url": page,
        "action_label": _("Go to your pairing"),
    }


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
            "action_label": _("Open your page"),
        },
    )


def nomination_reminder(message: Message) -> Letter | None:
    """None once they have named somebody, have left, or naming is over."""
    silent = Participant.objects.present().filter(pk=message.params["participant"], nominated_at=None)
    participant = silent.select_related("person", "cohort__programme").first()
    if participant is None or not participant.cohort.nominating():
        return None
    return letter(REMINDER, reminder_context(participant.person, participant.cohort))


def reminder_context(person: Any, cohort: Cohort) -> dict[str, Any]:
    return {
        "person": person,
        "cohort": cohort,
        "until": cohort.nominations_close_on,
        "action_url": address_of("buddying:nominations", cohort.pk),
        "action_label": _("Name your buddies"),
    }


def address_of(name: str, *args: int) -> str:
    """The page's address for a mail; the front page where the floors above have no such page."""
    try:
        return settings.BASE_URL + reverse(name, args=args)
    except NoReverseMatch:
        return settings.BASE_URL + "/"
