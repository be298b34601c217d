"""What this app writes to people. No letter holds a word of what they wrote."""

from django.conf import settings
from django.urls import reverse

from matching.pausing import is_pausing
from outbox import kinds, reconciling
from outbox.kinds import Kind, Letter, letter
from outbox.models import Message
from reflection import agreeing, reflecting
from reflection.models import Agreement, ReflectionPrompt


def register_kinds() -> None:
    kinds.register(Kind("agreement_waiting", "Your agreement waits for you", agreement_waiting))
    kinds.register(Kind("reflection_prompt", "Time to reflect", reflection_prompt))
    reconciling.register(reflecting.tell_those_prompted)


def agreement_waiting(message: Message) -> Letter | None:
    agreement = Agreement.objects.filter(pk=message.about_id, pairing__closed_at=None).first()
    person = message.recipient
    if agreement is None or person is None or agreement != agreeing.latest(agreement.pairing):
        return None
    if agreement.signatures.filter(person=person).exists() or is_pausing(person, agreement.pairing.cohort):
        return None
    return letter(
        "agreement_waiting",
        {
            "person": person,
            "buddies": agreement.pairing.buddies_of(person),
            "action_url": settings.BASE_URL + reverse("reflection:agreement", args=[agreement.pairing_id]),
            "action_label": "Read and sign",
        },
    )


def reflection_prompt(message: Message) -> Letter | None:
    prompt = (
        ReflectionPrompt.objects.unanswered()
        .filter(pk=message.about_id, pairing__closed_at=None)
        .select_related("person", "pairing__cohort")
        .first()
    )
    if prompt is None or is_pausing(prompt.person, prompt.pairing.cohort):
        return None
    return letter(
        "reflection_prompt",
        {
            "person": prompt.person,
            "cohort": prompt.pairing.cohort,
            "buddies": prompt.pairing.buddies_of(prompt.person),
            "action_url": settings.BASE_URL + reverse("reflection:reflection", args=[prompt.pk]),
            "action_label": "Start reflecting",
        },
    )
