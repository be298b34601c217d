"""A pause: matched to nobody and reminded of nothing until a day; then over by itself."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from buddying.models import Cohort, Participant, Person
from matching import news
from matching.models import PairingMember, Pause
from matching.waiting import locked


class CannotPause(Exception):
    """A sentence for the person who asked."""


@transaction.atomic
def pause(participant: Participant, until: date, at: datetime | None = None) -> Pause:
    """Back on the day ``until``, in the cohort's zone; a pause in force gets the new day. Raises CannotPause."""
    at = at or timezone.now()
    cohort = locked(participant.cohort_id)
    back = datetime.combine(until, time.min, tzinfo=cohort.zone)
    if back <= at:
        raise CannotPause(_("Choose a day to come."))
    if until > cohort.ends_on:
        words = _("%(cohort)s ends on %(day)s. Choose a day until then, or leave it.")
        raise CannotPause(words % {"cohort": cohort.name, "day": date_format(cohort.ends_on, "DATE_FORMAT")})
    Pause.objects.filter(participant=participant, ended_at=None).exclude(until=back).update(ended_at=at)
    found, is_new = Pause.objects.get_or_create(
        participant=participant, until=back, ended_at=None, defaults={"paused_at": at}
    )
    if is_new:
        news.post_pause(found, _buddies(participant))
    return found


@transaction.atomic
def resume(participant: Participant, at: datetime | None = None) -> None:
    """Back before the day. Idempotent."""
    locked(participant.cohort_id)
    Pause.objects.filter(participant=participant, ended_at=None).update(ended_at=at or timezone.now())


def is_pausing(person: Person, cohort: Cohort, at: datetime | None = None) -> bool:
    return Pause.objects.in_force(at).filter(participant__person=person, participant__cohort=cohort).exists()


def _buddies(participant: Participant) -> list[Person]:
    seat = PairingMember.objects.filter(participant=participant, left_at=None).select_related("pairing").first()
    return seat.pairing.buddies_of(participant.person) if seat else []
