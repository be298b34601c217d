"""Two weeks before a cohort ends, those in pairs are told, once for each end that is set."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from buddying.models import Cohort
from buddying.models.programmes import end_of
from buddying.words import listed
from matching.letters import address_of
from matching.models import PairingMember
from outbox.hours import in_daytime
from outbox.kinds import Letter, letter
from outbox.models import Message
from outbox.posting import Draft, post_missing

ENDS = "cohort_ends"
AHEAD = timedelta(days=14)


def post_what_is_due(at: datetime | None = None) -> None:
    """For the reconciler."""
    at = at or timezone.now()
    near = Cohort.objects.filter(ends_on__range=((at - AHEAD).date(), (at + 2 * AHEAD).date()), starts_on__lt=at)
    for cohort in near:
        if end_of(cohort.ends_on, cohort.zone) - AHEAD <= at < end_of(cohort.ends_on, cohort.zone):
            post_missing(_draft(seat, cohort, at) for seat in _seats(cohort))


def cohort_ends(message: Message) -> Letter | None:
    """None once they are paired no more, or the end has been moved."""
    seat = _live_seats().filter(pk=message.params["seat"]).first()
    if seat is None or str(seat.pairing.cohort.ends_on) != message.params["ends_on"]:
        return None
    person, pairing = seat.participant.person, seat.pairing
    page = address_of("insights:pairing", pairing.pk)
    return letter(ENDS, context(person, pairing.buddies_of(person), pairing.cohort, page))


def context(person: Any, buddies: list[Any], cohort: Cohort, page: str) -> dict[str, Any]:
    return {
        "person": person,
        "buddies": listed(buddies),
        "cohort": cohort,
        "action_url": page,
        "action_label": "Go to your pairing",
    }


def _draft(seat: PairingMember, cohort: Cohort, at: datetime) -> Draft:
    return Draft(
        ENDS,
        f"{ENDS}:{cohort.pk}:{seat.participant_id}:{cohort.ends_on}",
        to=seat.participant.person,
        due_at=in_daytime(seat.participant.person, at),
        expires_at=end_of(cohort.ends_on, cohort.zone),
        about_id=cohort.pk,
        params={"seat": seat.pk, "ends_on": str(cohort.ends_on)},
        cohort_id=cohort.pk,
    )


def _seats(cohort: Cohort) -> list[PairingMember]:
    return list(_live_seats().filter(pairing__cohort=cohort))


def _live_seats() -> Any:
    seats = PairingMember.objects.filter(left_at=None, pairing__closed_at=None)
    return seats.select_related("participant__person", "pairing__cohort__programme")
