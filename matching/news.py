"""What people are told by mail when pairings change after publishing: kindly, without blame, and never why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from buddying.models import Participant, Person
from buddying.words import listed
from matching.letters import PUBLISHED, address_of
from matching.models import Pairing, PairingMember, Pause
from outbox import posting
from outbox.kinds import Letter, letter
from outbox.models import Message

ENDED, NEW_BUDDY, JOINED = "pairing_ended", "new_buddy", "buddy_joined"
BUDDY_LEFT, LEFT, PAUSES = "buddy_left", "cohort_left", "buddy_pauses"


# Posting, in the transaction in which it happens.


def post_opened(pairing: Pairing, instead_of: Pairing | None = None) -> None:
    """Whoever comes from a pairing that has ended for this one is told of both in one letter."""
    before = set(instead_of.people()) if instead_of else set()
    for seat in pairing.members.select_related("participant__person"):
        person = seat.participant.person
        _post(NEW_BUDDY if person in before else PUBLISHED, seat, person, former=instead_of.pk if instead_of else None)


def post_joined(seat: PairingMember) -> None:
    """The newcomer is told who their buddies are; the others, who joins them."""
    _post(PUBLISHED, seat, seat.participant.person)
    for buddy in seat.pairing.buddies_of(seat.participant.person):
        _post(JOINED, seat, buddy)


def post_ended(seats: Iterable[PairingMember]) -> None:
    for seat in seats:
        _post(ENDED, seat, seat.participant.person)


def post_buddy_left(seat: PairingMember, others: Iterable[PairingMember]) -> None:
    for other in others:
        _post(BUDDY_LEFT, seat, other.participant.person)


def post_left(participant: Participant, at: datetime) -> None:
    if participant.joined_at:
        posting.post(
            LEFT,
            key=f"{LEFT}:{participant.pk}:{at.isoformat()}",
            to=participant.person,
            about_id=participant.pk,
            cohort_id=participant.cohort_id,
        )


def post_pause(pause: Pause, buddies: Iterable[Person]) -> None:
    for buddy in buddies:
        until = pause.until.isoformat()
        posting.post(
            PAUSES,
            key=f"{PAUSES}:{pause.pk}:{until}:{buddy.pk}",
            to=buddy,
            about_id=pause.pk,
            expires_at=pause.until,
            params={"until": until},
            cohort_id=pause.participant.cohort_id,
        )


def _post(kind: str, seat: PairingMember, to: Person, **params: Any) -> None:
    posting.post(
        kind,
        key=f"{kind}:{seat.pairing_id}:{seat.participant_id}:{to.pk}",
        to=to,
        about_id=seat.pairing_id,
        params={"seat": seat.pk} | params,
        cohort_id=seat.participant.cohort_id,
    )


# Composing, which asks the world again.


def pairing_ended(message: Message) -> Letter | None:
    seat, person = _seat(message), message.recipient
    if seat is None or person is None or not seat.pairing.closed_at or not _was_in_it(seat):
        return None
    names = listed(seat.pairing.buddies_of(person))
    return letter(ENDED, _context(person, seat.pairing, names=names, **_home()))


def _was_in_it(seat: PairingMember) -> bool:
    """A pairing that goes on privately keeps those, too, who have left its cohort since."""
    return seat.participant.is_present or seat.pairing.is_private(seat.pairing.closed_at)


def new_buddy(message: Message) -> Letter | None:
    seat, person = _seat(message), message.recipient
    former = Pairing.objects.filter(pk=message.params["former"]).first()
    if seat is None or person is None or former is None or seat.left_at:
        return None
    names = {"names": listed(seat.pairing.buddies_of(person)), "former": listed(former.buddies_of(person))}
    return letter(NEW_BUDDY, _context(person, seat.pairing, **names, **_pairing(seat.pairing)))


def buddy_joined(message: Message) -> Letter | None:
    seat, person = _seat(message), message.recipient
    if seat is None or person is None or seat.left_at or person not in seat.pairing.people():
        return None
    others = [buddy for buddy in seat.pairing.buddies_of(person) if buddy != seat.participant.person]
    who = {"newcomer": seat.participant.person, "names": listed(others)}
    return letter(JOINED, _context(person, seat.pairing, **who, **_pairing(seat.pairing)))


def buddy_left(message: Message) -> Letter | None:
    """Either the pairing has ended with it, or a trio goes on as a pair."""
    seat, person = _seat(message), message.recipient
    if seat is None or person is None or person not in seat.pairing.people():
        return None
    goes_on = seat.pairing.closed_at is None
    who = {"leaver": _leaver(seat, goes_on), "names": listed(seat.pairing.buddies_of(person)), "goes_on": goes_on}
    return letter(BUDDY_LEFT, _context(person, seat.pairing, **who, **(_pairing(seat.pairing) if goes_on else _home())))


def _leaver(seat: PairingMember, goes_on: bool) -> Person | str:
    """Who has erased their account has no name any more."""
    if not seat.participant.person.erased_at:
        return seat.participant.person
    return _("One of your buddies") if goes_on else _("Your buddy")


def cohort_left(message: Message) -> Letter | None:
    rows = Participant.objects.filter(pk=message.about_id, left_at__isnull=False)
    participant = rows.select_related("person", "cohort__programme").first()
    if participant is None:
        return None
    leads = [lead.person for lead in participant.cohort.programme.leads.select_related("person")]
    names = listed([lead for lead in leads if lead.is_active and lead != participant.person])
    return letter(LEFT, {"person": participant.person, "cohort": participant.cohort, "leads": names})


def buddy_pauses(message: Message) -> Letter | None:
    pause = (
        Pause.objects.in_force()
        .filter(pk=message.about_id)
        .select_related("participant__person", "participant__cohort")
        .first()
    )
    person = message.recipient
    if pause is None or person is None or pause.until.isoformat() != message.params["until"]:
        return None
    seats = pause.participant.seats.filter(left_at=None).select_related("pairing__cohort__programme")
    seat = next((seat for seat in seats if person in seat.pairing.buddies_of(pause.participant.person)), None)
    if seat is None:
        return None
    who = {"buddy": pause.participant.person, "day": pause.day}
    return letter(PAUSES, _context(person, seat.pairing, **who, **_pairing(seat.pairing)))


def _seat(message: Message) -> PairingMember | None:
    seats = PairingMember.objects.select_related("pairing__cohort__programme", "participant__person")
    return seats.filter(pk=message.params["seat"]).first()


def _context(person: Any, pairing: Pairing, **more: Any) -> dict[str, Any]:
    cohort = pairing.cohort
    reasons = pairing.why
    return {"person": person, "cohort": cohort, "reasons": reasons, "is_over": cohort.has_ended()} | more


def _home() -> dict[str, str]:
    return {"action_url": address_of("insights:home"), "action_label": _("Open your page")}


def _pairing(pairing: Pairing) -> dict[str, str]:
    return {"action_url": address_of("insights:pairing", pairing.pk), "action_label": _("Go to your pairing")}
