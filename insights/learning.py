"""Light steps on the way to a first session: short lessons, and practice in threes. Nothing waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buddying.models import Person
from buddying.words import listed
from equipping.lessons import unread
from equipping.models import PracticeGroup
from equipping.rounds import still_to_practise
from insights.steps import Step
from matching.models import Pairing
from sessions_log.models import CoachingSession


def to_learn(person: Person, pairings: Iterable[Pairing], at: datetime) -> list[Step]:
    practice = [_practise(group, person) for group in still_to_practise(person, at)]
    programmes = {pairing.cohort.programme for pairing in pairings if _will_meet_first(pairing, person, at)}
    lessons = [(programme, unread(programme, person)) for programme in programmes]
    return practice + [_read(programme.pk, left) for programme, left in lessons if left]


def _will_meet_first(pairing: Pairing, person: Person, at: datetime) -> bool:
    held = CoachingSession.objects.visible_to(person).filter(pairing=pairing).held()
    return not pairing.is_over(at) and not held.exists()


def _read(programme: int, left: int) -> Step:
    why = ngettext(
        "%(count)d short lesson of five minutes, whenever you like.",
        "%(count)d short lessons, five minutes each, whenever you like.",
        left,
    )
    return Step(
        7,
        _("Before your first session, read how it goes"),
        why % {"count": left},
        reverse("equipping:lessons", args=[programme]),
        _("Open the lessons"),
        "book-open",
    )


def _practise(group: PracticeGroup, person: Person) -> Step:
    others = listed(other for other in group.people() if other != person)
    starts_at = group.practice.starts_at
    when = date_format(timezone.localtime(starts_at), "WEEKDAY_MOMENT_FORMAT") if starts_at else ""
    when = when or _("Find a time that suits you all")
    place = f", {group.practice.place}" if group.practice.place else ""
    page = _("The page of your group says whose turn it is, and keeps the time.")
    return Step(
        4,
        _("You practise coaching with %(names)s") % {"names": others},
        f"{when}{place}. {page}",
        reverse("equipping:group", args=[group.pk]),
        _("Open your group"),
        "users",
    )
