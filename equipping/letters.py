"""What this app writes to people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

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

ARRANGED = "practice_arranged"


def register_kinds() -> None:
    kinds.register(
        Kind(
            ARRANGED,
            "Practice in threes",
            practice_arranged,
            group=COHORT,
            when="When you publish the groups of a practice, to everybody in them.",
            page="buddying:about_cohort",
            preview=preview,
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


def practice_arranged(message: Message) -> Letter | None:
    """None once the group has practised or its person has left."""
    seats = PracticeSeat.objects.filter(participant__left_at=None, group__finished_at=None)
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
    return letter(ARRANGED, _context(person, others, practice, page))


def preview(cohort: Cohort) -> Letter:
    """With people who do not exist."""
    practice = Practice(cohort=cohort, starts_at=some_day(cohort), place="Room 4")
    return letter(ARRANGED, _context(ada(), [ben(), cleo()], practice, nowhere()))


def _context(person: Person, others: list[Person], practice: Practice, page: str) -> dict[str, Any]:
    return {
        "person": person,
        "others": others,
        "cohort": practice.cohort,
        "practice": practice,
        "zone": person.time_zone,
        "action_url": page,
        "action_label": "Open your group",
    }
