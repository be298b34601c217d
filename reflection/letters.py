"""What this app writes to people. No letter holds a word of what they wrote."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from buddying.models import Cohort
from matching.models import Pairing
from matching.pausing import is_pausing
from outbox.kinds import Letter, letter
from outbox.models import Message
from reflection import agreeing, fitting, going_on, helping
from reflection.models import Agreement, FitCheck, HelpMessage, ReflectionPrompt


def agreement_waiting(message: Message) -> Letter | None:
    agreement = Agreement.objects.filter(pk=message.about_id, pairing__closed_at=None).first()
    person = message.recipient
    if agreement is None or person is None or agreement != agreeing.latest(agreement.pairing):
        return None
    if agreement.signatures.filter(person=person).exists() or is_pausing(person, agreement.pairing.cohort):
        return None
    page = settings.BASE_URL + reverse("reflection:agreement", args=[agreement.pairing_id])
    return letter("agreement_waiting", agreement_context(person, agreement.pairing.buddies_of(person), page))


def agreement_context(person: Any, buddies: list[Any], page: str) -> dict[str, Any]:
    return {"person": person, "buddies": buddies, "action_url": page, "action_label": _("Read and sign")}


def reflection_prompt(message: Message) -> Letter | None:
    return _about_prompt(message)


def reflection_followup(message: Message) -> Letter | None:
    return _about_prompt(message)


def _about_prompt(message: Message) -> Letter | None:
    """None once it is answered, the pairing is over, or its reader pauses."""
    prompts = ReflectionPrompt.objects.unanswered().filter(pk=message.about_id, pairing__closed_at=None)
    prompt = prompts.select_related("person", "pairing__cohort").first()
    if prompt is None or is_pausing(prompt.person, prompt.pairing.cohort):
        return None
    page = settings.BASE_URL + reverse("reflection:reflection", args=[prompt.pk])
    buddies = prompt.pairing.buddies_of(prompt.person)
    return letter(message.kind, prompt_context(prompt.person, buddies, prompt.pairing.cohort, page))


def prompt_context(person: Any, buddies: list[Any], cohort: Cohort, page: str) -> dict[str, Any]:
    return {
        "person": person,
        "cohort": cohort,
        "buddies": buddies,
        "action_url": page,
        "action_label": _("Start reflecting"),
    }


def fit_check(message: Message) -> Letter | None:
    checks = FitCheck.objects.unanswered().filter(pk=message.about_id, pairing__closed_at=None)
    check = checks.select_related("person", "pairing__cohort").first()
    if check is None or fitting.rests(check) or is_pausing(check.person, check.pairing.cohort):
        return None
    return letter(
        "fit_check",
        {
            "person": check.person,
            "buddies": check.pairing.buddies_of(check.person),
            "again": check.round > 1,
            "action_url": settings.BASE_URL + reverse("reflection:fit_check", args=[check.pk]),
            "action_label": _("Say how it feels"),
        },
    )


def help_message(message: Message) -> Letter | None:
    """Only that there is one: not from whom, and not that it is about help."""
    first = HelpMessage.objects.filter(pk=message.about_id).select_related("thread").first()
    person = message.recipient
    if first is None or person is None or first not in helping.unread(first.thread, person):
        return None
    return letter(
        "help_message",
        {
            "person": person,
            "action_url": settings.BASE_URL + reverse("reflection:conversation", args=[first.thread_id]),
            "action_label": _("Read it"),
        },
    )


def look_back(message: Message) -> Letter | None:
    pairing, person = _live(message), message.recipient
    if pairing is None or person is None or going_on.wish_of(pairing, person) or pairing.is_over():
        return None
    if str(pairing.cohort.ends_on) != message.params["ends_on"] or is_pausing(person, pairing.cohort):
        return None
    url = settings.BASE_URL + reverse("reflection:looking_back", args=[pairing.pk])
    return letter(
        going_on.LOOK_BACK_MAIL, _about(pairing, person) | {"action_url": url, "action_label": _("Look back")}
    )


def pairing_goes_on(message: Message) -> Letter | None:
    pairing, person = _live(message), message.recipient
    if pairing is None or person is None or pairing.continues_at is None:
        return None
    url = settings.BASE_URL + reverse("insights:pairing", args=[pairing.pk])
    return letter("pairing_goes_on", _about(pairing, person) | {"action_url": url, "action_label": _("Open your page")})


def _live(message: Message) -> Pairing | None:
    """The pairing that a message is about, while its reader sits in it."""
    live = Pairing.objects.live().filter(pk=message.about_id).select_related("cohort__programme")
    pairing = live.first()
    return pairing if pairing and message.recipient in pairing.people() else None


def _about(pairing: Pairing, person: Any) -> dict[str, Any]:
    buddies = pairing.buddies_of(person)
    return {"person": person, "pairing": pairing, "cohort": pairing.cohort, "buddies": buddies}
