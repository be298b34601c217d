"""What this app writes to people. No letter holds a word of what they wrote."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from buddying.models import Cohort
from matching.pausing import is_pausing
from outbox import kinds, reconciling
from outbox.groups import NUDGES, REFLECTION
from outbox.kinds import Kind, Letter, letter
from outbox.models import Message
from reflection import agreeing, reflecting
from reflection.models import Agreement, ReflectionPrompt


def register_kinds() -> None:
    from reflection import previews

    kinds.register(
        Kind(
            "agreement_waiting",
            "Your agreement waits for you",
            agreement_waiting,
            group=NUDGES,
            when="When one of a pair has signed the agreement, to the other.",
            preview=previews.agreement_waiting,
        )
    )
    kinds.register(
        Kind(
            "reflection_prompt",
            "Time to reflect",
            reflection_prompt,
            group=REFLECTION,
            when="When a pair has held as many sessions as the cohort's reflection point says.",
            page="reflection:reflection",
            preview=previews.reflection_prompt,
        )
    )
    kinds.register(
        Kind(
            reflecting.FOLLOW_UP,
            "Your reflection still waits",
            reflection_followup,
            group=REFLECTION,
            when="A week after that, once, to whoever has not answered; never again.",
            page="reflection:reflection",
            preview=previews.reflection_followup,
        )
    )
    reconciling.register(reflecting.tell_those_prompted)
    reconciling.register(reflecting.follow_up_once)


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
    return {"person": person, "buddies": buddies, "action_url": page, "action_label": "Read and sign"}


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
        "action_label": "Start reflecting",
    }
