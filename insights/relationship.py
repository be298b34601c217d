"""What the relationship itself asks for: small questions that each answers alone."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from buddying.models import Person
from insights.step import Step
from matching.models import Pairing
from reflection import going_on, reflecting
from reflection.models import FitCheck, Goals, HelpThread, ReflectionPrompt, Signature


def asked_in(pairing: Pairing, person: Person, names: str, at: datetime) -> list[Step]:
    """What waits for ``person`` in a live pairing."""
    questions = _fit(pairing, person, names) + _together(pairing, person, names)
    return questions + _look_back(pairing, person, names, at) + _goals(pairing, person)


def _fit(pairing: Pairing, person: Person, names: str) -> list[Step]:
    """It rests once they are asked to reflect, which asks more of the same."""
    if ReflectionPrompt.objects.visible_to(person).filter(pairing=pairing).exists():
        return []
    waiting = FitCheck.objects.visible_to(person).unanswered().filter(pairing=pairing)
    return [
        Step(
            1,
            _feels(check.round) % {"names": names},
            _("One question. No reason is asked, and %(names)s will not be told.") % {"names": names},
            reverse("reflection:fit_check", args=[check.pk]),
            _("Say how it feels"),
            "heart-handshake",
        )
        for check in waiting[:1]
    ]


def _feels(round: int) -> str:
    if round > 1:
        return _("How does it feel now, with %(names)s?")
    return _("How does it feel so far, with %(names)s?")


def _together(pairing: Pairing, person: Person, names: str) -> list[Step]:
    """All have reflected, and this one has not looked yet at what they shared."""
    mine = ReflectionPrompt.objects.visible_to(person).filter(pairing=pairing, seen_at=None, answered_at__isnull=False)
    if not mine.exists() or not reflecting.is_open(pairing):
        return []
    are_two = len(pairing.people()) == 2
    title = _("You and %(names)s have both reflected") if are_two else _("You and %(names)s have all reflected")
    return [
        Step(
            1,
            title % {"names": names},
            _("See what each of you chose to share, and take fifteen minutes together."),
            reverse("reflection:joint", args=[pairing.pk]),
            _("Look at it"),
            "messages-square",
        )
    ]


def _look_back(pairing: Pairing, person: Person, names: str, at: datetime) -> list[Step]:
    """In the cohort's last weeks, until they have said whether they would go on."""
    if not going_on.is_time(pairing, at) or pairing.is_private(at) or going_on.wish_of(pairing, person):
        return []
    if pairing.cohort.has_ended(at):
        why = _("%(cohort)s has ended. What have you done, what would you like to say, and do you go on?")
    else:
        why = _("%(cohort)s ends soon. What have you done, what would you like to say, and do you go on?")
    return [
        Step(
            3,
            _("Look back with %(names)s") % {"names": names},
            why % {"cohort": pairing.cohort.name},
            reverse("reflection:looking_back", args=[pairing.pk]),
            _("Look back"),
            "sprout",
        )
    ]


def _goals(pairing: Pairing, person: Person) -> list[Step]:
    """Asked once somebody has signed; never again once they have answered or passed it by."""
    known = Goals.objects.visible_to(person).filter(participant__cohort=pairing.cohort_id)
    if known.exists() or pairing.is_over() or not Signature.objects.filter(pairing=pairing, person=person).exists():
        return []
    day = date_format(pairing.cohort.ends_on, "MONTH_DAY_FORMAT")
    return [
        Step(
            8,
            _("What would you like to be different by %(day)s?") % {"day": day},
            _("For your own eyes. A line is plenty, and you can pass it by."),
            reverse("reflection:goals", args=[pairing.cohort_id]),
            _("Write it down"),
            "sprout",
        )
    ]


def unread_conversations(person: Person) -> list[Step]:
    """For both sides: whoever is asked for help should find it first."""
    unread = HelpThread.objects.visible_to(person).unread_by(person).select_related("writer", "lead")
    return [
        Step(
            -2,
            _("%(name)s has written to you in confidence") % {"name": thread.other(person).name},
            _("Only the two of you can read it."),
            reverse("reflection:conversation", args=[thread.pk]),
            _("Read it"),
            "mail",
        )
        for thread in unread
    ]
