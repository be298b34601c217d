"""The last two weeks of a cohort: looking back, thanking, and ending well or going on outside it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from buddying.models import Participant, Person
from buddying.models.programmes import end_of
from matching import ending
from matching.models import Pairing, PairingMember, within_cohort
from matching.pausing import is_pausing
from outbox.hours import in_daytime
from outbox.posting import Draft, post, post_missing
from reflection.goal_setting import LOOK_BACK
from reflection.models import EndingWish, Thanks
from sessions_log.models import CoachingSession, Commitment
from trust.acting import Purpose, acting_as_system

LOOK_BACK_MAIL = "look_back"
STILL_ASKED = timedelta(days=28)  # after the end; somebody on holiday can still say that they go on


class Over(Exception):
    """The pairing has ended, or the person is not in it any more."""


class NotNow(Exception):
    """It is not the time to look back, or it goes on already."""


def ends_at(pairing: Pairing) -> datetime:
    return end_of(pairing.cohort.ends_on, pairing.cohort.zone)


def is_time(pairing: Pairing, at: datetime | None = None) -> bool:
    """From two weeks before the cohort's end until four weeks after it."""
    at = at or timezone.now()
    return ends_at(pairing) - LOOK_BACK <= at < ends_at(pairing) + STILL_ASKED


def wish_of(pairing: Pairing, person: Person) -> EndingWish | None:
    return EndingWish.objects.visible_to(person).filter(pairing=pairing).first()


@transaction.atomic
def choose(pairing: Pairing, choice: str, by: Person, at: datetime | None = None) -> Pairing:
    """It goes on once all wish it, from the cohort's end; until then minds can change. Raises Over or NotNow."""
    at = at or timezone.now()
    pairing, people = _held(pairing, by)
    if pairing.is_private(at) or not is_time(pairing, at):
        raise NotNow
    EndingWish.objects.update_or_create(pairing=pairing, person=by, defaults={"choice": choice, "chosen_at": at})
    _settle(pairing, people, _all_wish_it(pairing, people), at)
    return pairing


def _all_wish_it(pairing: Pairing, people: list[Person]) -> bool:
    """Asked by nobody in particular: what one of them wishes is for no other to know."""
    with acting_as_system(Purpose.GOING_ON):
        wishing = EndingWish.objects.filter(pairing=pairing, person__in=people, choice=EndingWish.GO_ON).count()
    return wishing == len(people)


def _settle(pairing: Pairing, people: list[Person], goes_on: bool, at: datetime) -> None:
    if goes_on == (pairing.continues_at is not None):
        return
    pairing.continues_at = max(at, ends_at(pairing)) if goes_on else None
    pairing.save(update_fields=["continues_at"])
    for person in people if goes_on else ():
        post(
            "pairing_goes_on",
            key=f"pairing_goes_on:{pairing.pk}:{person.pk}",
            to=person,
            about_id=pairing.pk,
            cohort_id=pairing.cohort_id,
        )


@transaction.atomic
def end(pairing: Pairing, by: Person, at: datetime | None = None) -> None:
    """Either of those who go on privately may end it, without a reason. Idempotent; raises NotNow."""
    at = at or timezone.now()
    fresh = Pairing.objects.get(pk=pairing.pk)
    if fresh.closed_at is None and by in fresh.people():
        if not fresh.is_private(at):
            raise NotNow
        ending.rematch(fresh, by, at)


@transaction.atomic
def thank(pairing: Pairing, text: str, by: Person, at: datetime | None = None) -> None:
    """One line of each member; an emptied one is taken back. Raises Over."""
    pairing, _ = _held(pairing, by)
    line = Thanks.objects.filter(pairing=pairing, author=by).first()
    if not text:
        Thanks.objects.filter(pairing=pairing, author=by).delete()
    elif line is None:
        Thanks.objects.create(pairing=pairing, author=by, text=text, written_at=at or timezone.now())
    elif line.text != text:
        line.text = text
        line.save(update_fields=["text"])


def _held(pairing: Pairing, by: Person) -> tuple[Pairing, list[Person]]:
    """Until the transaction ends nobody else says how it goes on."""
    fresh = Pairing.objects.select_for_update(of=("self",)).select_related("cohort__programme").get(pk=pairing.pk)
    people = fresh.people()
    if fresh.closed_at or by not in people:
        raise Over
    return fresh, people


def sessions_held_by(participant: Participant) -> int:
    """Held while they sat in a pairing of the cohort, and it was still part of it."""
    held = CoachingSession.objects.held().filter(within_cohort("starts_at", "pairing__"))
    return sum(held.filter(pairing=seat.pairing_id, **_while_in(seat)).count() for seat in participant.seats.all())


def _while_in(seat: PairingMember) -> dict[str, datetime]:
    since = {"starts_at__gte": seat.joined_at}
    return since | {"starts_at__lt": seat.left_at} if seat.left_at else since


def commitments_done(pairing: Pairing, viewer: Person) -> list[Commitment]:
    visible = Commitment.objects.visible_to(viewer).filter(pairing=pairing, done_at__isnull=False)
    return list(visible.select_related("author").order_by("done_at"))


def call_to_look_back(at: datetime | None = None) -> None:
    """For the reconciler: one mail to each; somebody who pauses is asked once they are back."""
    at = at or timezone.now()
    near = (at.date() - timedelta(days=1), at.date() + LOOK_BACK + timedelta(days=1))
    seats = PairingMember.objects.filter(left_at=None, pairing__closed_at=None, pairing__cohort__ends_on__range=near)
    seats = seats.select_related("pairing__cohort", "participant__person")
    due = [seat for seat in seats if is_time(seat.pairing, at) and not seat.pairing.cohort.has_ended(at)]
    post_missing(_call(seat, at) for seat in due if not is_pausing(seat.participant.person, seat.pairing.cohort, at))


def _key(seat: PairingMember) -> str:
    return f"{LOOK_BACK_MAIL}:{seat.pairing_id}:{seat.participant.person_id}:{seat.pairing.cohort.ends_on}"


def _call(seat: PairingMember, at: datetime) -> Draft:
    person, pairing = seat.participant.person, seat.pairing
    return Draft(
        LOOK_BACK_MAIL,
        _key(seat),
        to=person,
        due_at=in_daytime(person, at),
        expires_at=ends_at(pairing),
        about_id=pairing.pk,
        params={"ends_on": str(pairing.cohort.ends_on)},
        cohort_id=pairing.cohort_id,
    )
