"""What this app writes to people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Person
from buddying.nudge import nudge
from buddying.previews import ada, ben, nowhere, some_day
from equipping.models import Practice, PracticeSeat
from equipping.rounds import OPEN_FOR
from matching.previews import cleo
from outbox import kinds, posting, tasks
from outbox.groups import COHORT
from outbox.kinds import Kind, Letter, letter
from outbox.models import Message

ARRANGED, CALLED_OFF = "practice_arranged", "practice_called_off"


def register_kinds() -> None:
    kinds.register(
        Kind(
            ARRANGED,
            _("Practice in threes"),
            practice_arranged,
            group=COHORT,
            when=_("When you publish the groups of a practice, to everybody in them."),
            page="buddying:about_cohort",
            preview=preview,
        )
    )
    kinds.register(
        Kind(
            CALLED_OFF,
            _("A practice is called off"),
            practice_called_off,
            group=COHORT,
            when=_("When you call off a practice, to everybody in a group that has not practised yet."),
            page="buddying:about_cohort",
            preview=preview_called_off,
        )
    )


def post_arranged(practice: Practice, published_at: datetime) -> None:
    seats = PracticeSeat.objects.filter(practice=practice).select_related("participant__person")
    posting.post_many(
        posting.Draft(
            kind=ARRANGED,
            key=f"{ARRANGED}:{practice.pk}:{seat.participant_id}",
            to=seat.participant.person,
            expires_at=practice.starts_at or published_at + OPEN_FOR,
            about_id=practice.pk,
            params={"seat": seat.pk},
            cohort_id=practice.cohort_id,
        )
        for seat in seats
    )
    nudge(tasks.drain)


def post_called_off(practice: Practice) -> None:
    """What was not sent yet of the invitation is not wanted any more, and no sender takes it."""
    posting.withdraw(key_prefix=f"{ARRANGED}:{practice.pk}")
    seats = PracticeSeat.objects.filter(practice=practice, group__finished_at=None, participant__left_at=None)
    posting.post_many(
        posting.Draft(
            kind=CALLED_OFF,
            key=f"{CALLED_OFF}:{practice.pk}:{seat.participant_id}",
            to=seat.participant.person,
            expires_at=practice.starts_at,
            about_id=practice.pk,
            params={"seat": seat.pk},
            cohort_id=practice.cohort_id,
        )
        for seat in seats.select_related("participant__person")
    )
    nudge(tasks.drain)


def practice_called_off(message: Message) -> Letter | None:
    return _about_seat(message, CALLED_OFF)


def practice_arranged(message: Message) -> Letter | None:
    """None once the group has practised, its person has left, or it is called off."""
    return _about_seat(message, ARRANGED, practice__called_off_at=None)


def _about_seat(message: Message, kind: str, **wanted: Any) -> Letter | None:
    seats = PracticeSeat.objects.filter(participant__left_at=None, group__finished_at=None, **wanted)
    seat = (
        seats.filter(pk=message.params["seat"])
        .select_related("group", "practice__cohort__programme", "participant__person")
        .first()
    )
    if seat is None:
        return None
    person, practice = seat.participant.person, seat.practice
    others = [other for other in seat.group.people() if other != person]
    if not others:
        return None
    page = settings.BASE_URL + reverse("equipping:group", args=[seat.group_id])
    return letter(kind, _context(person, others, practice, page))


def preview(cohort: Cohort) -> Letter:
    """With people who do not exist."""
    return _preview(cohort, ARRANGED)


def preview_called_off(cohort: Cohort) -> Letter:
    return _preview(cohort, CALLED_OFF)


def _preview(cohort: Cohort, kind: str) -> Letter:
    practice = Practice(cohort=cohort, starts_at=some_day(cohort), place=gettext("Room 4"))
    return letter(kind, _context(ada(), [ben(), cleo()], practice, nowhere()))


def _context(person: Person, others: list[Person], practice: Practice, page: str) -> dict[str, Any]:
    return {
        "person": person,
        "others": others,
        "cohort": practice.cohort,
        "practice": practice,
        "zone": person.time_zone,
        "action_url": page,
        "action_label": gettext("Open your group"),
    }
