"""Reflection after some sessions: each alone first, then what they choose to share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone

from buddying.models import Person
from matching.models import Pairing, PairingMember
from matching.pausing import is_pausing
from outbox.hours import in_daytime
from outbox.models import Message
from outbox.posting import Draft, post, post_missing
from reflection.models import ReflectionAnswer, ReflectionPrompt, ReflectionScale
from reflection.questions import SCALES, WORDS
from sessions_log.models import CoachingSession

PROMPT_FOR = timedelta(days=28)  # later than this a mail about it would only confuse
FOLLOW_UP = "reflection_followup"
FOLLOW_UP_AFTER = timedelta(days=7)


def prompt_when_due(session: CoachingSession, at: datetime) -> None:
    """Called when a session is first recorded as held: at the cohort's reflection point, ask each member once."""
    pairing = session.pairing
    if pairing.sessions.filter(held_at__isnull=False).count() >= pairing.cohort.reflection_point:
        prompt_members(pairing, at)


@transaction.atomic
def prompt_members(pairing: Pairing, at: datetime) -> None:
    people = pairing.people()
    ReflectionPrompt.objects.bulk_create(
        [ReflectionPrompt(pairing=pairing, person=person, prompted_at=at) for person in people],
        ignore_conflicts=True,
    )
    for prompt in ReflectionPrompt.objects.filter(pairing=pairing, person__in=people):
        _tell(prompt)


def _tell(prompt: ReflectionPrompt) -> None:
    """Somebody who pauses is told afterwards, by the reconciler."""
    if is_pausing(prompt.person, prompt.pairing.cohort):
        return
    post(
        "reflection_prompt",
        key=f"reflection_prompt:{prompt.pairing_id}:{prompt.person_id}",
        to=prompt.person,
        about_id=prompt.pk,
        expires_at=prompt.prompted_at + PROMPT_FOR,
        cohort_id=prompt.pairing.cohort_id,
    )


def tell_those_prompted(at: datetime | None = None) -> None:
    """For the reconciler: a prompt whose message is missing gets one; the unique key keeps it one."""
    fresh = (at or timezone.now()) - PROMPT_FOR
    for prompt in (
        ReflectionPrompt.objects.unanswered().filter(prompted_at__gt=fresh).select_related("person", "pairing__cohort")
    ):
        _tell(prompt)


def follow_up_once(at: datetime | None = None) -> None:
    """For the reconciler: a week after they were told, whoever has not answered is told once more, and never again."""
    at = at or timezone.now()
    told = Message.objects.filter(kind="reflection_prompt", created_at__lte=at - FOLLOW_UP_AFTER)
    long_ago = told.filter(about_id=Cast(OuterRef("pk"), CharField()))
    seated = PairingMember.objects.filter(
        left_at=None, pairing=OuterRef("pairing"), participant__person=OuterRef("person")
    )
    asked = ReflectionPrompt.objects.unanswered().filter(
        Exists(long_ago), Exists(seated), prompted_at__gt=at - PROMPT_FOR, pairing__closed_at=None
    )
    prompts = asked.select_related("person", "pairing__cohort")
    post_missing(_followed_up(one, at) for one in prompts if not is_pausing(one.person, one.pairing.cohort, at))


def _followed_up(prompt: ReflectionPrompt, at: datetime) -> Draft:
    return Draft(
        FOLLOW_UP,
        f"{FOLLOW_UP}:{prompt.pairing_id}:{prompt.person_id}",
        to=prompt.person,
        due_at=in_daytime(prompt.person, at),
        expires_at=prompt.prompted_at + PROMPT_FOR,
        about_id=prompt.pk,
        cohort_id=prompt.pairing.cohort_id,
    )


class Over(Exception):
    """The pairing has ended, or the person is not in it any more."""


def is_over(prompt: ReflectionPrompt) -> bool:
    return prompt.pairing.closed_at is not None or prompt.person not in prompt.pairing.people()


def held(prompt: ReflectionPrompt) -> ReflectionPrompt:
    """Read anew, and nobody's until the transaction ends: a form sent twice at once is written once."""
    prompts = ReflectionPrompt.objects.select_for_update(of=("self",)).select_related("pairing", "person")
    return prompts.get(pk=prompt.pk)


@transaction.atomic
def keep(prompt: ReflectionPrompt, texts: Mapping[str, str], scales: Mapping[str, int] | None = None) -> None:
    """As far as somebody has come. An emptied answer is taken back, with what was shared of it. Raises Over."""
    prompt = held(prompt)
    if is_over(prompt):
        raise Over
    for slug in WORDS:
        _keep(prompt, slug, texts.get(slug, "").strip())
    if prompt.answered_at is None and scales is not None:
        _keep_scales(prompt, scales)


@transaction.atomic
def answer(
    prompt: ReflectionPrompt,
    texts: Mapping[str, str],
    scales: Mapping[str, int] | None = None,
    at: datetime | None = None,
) -> None:
    """Keep it, and that is it: the choices on scales stand from now on, the words can still be changed. Raises Over."""
    keep(prompt, texts, scales)
    ReflectionPrompt.objects.unanswered().filter(pk=prompt.pk).update(answered_at=at or timezone.now())


def waited_for(pairing: Pairing) -> list[Person]:
    """Who of those asked has not answered yet; what is shared is opened once nobody is left."""
    asked = ReflectionPrompt.objects.unanswered().filter(pairing=pairing, person__in=pairing.people())
    return [prompt.person for prompt in asked.select_related("person").order_by("person__name")]


def is_open(pairing: Pairing) -> bool:
    """What each shared can be read: all have answered, or it is over."""
    return pairing.closed_at is not None or not waited_for(pairing)


def mark_seen(prompt: ReflectionPrompt, at: datetime | None = None) -> None:
    """Idempotent: when they first looked at it."""
    ReflectionPrompt.objects.filter(pk=prompt.pk, seen_at=None).update(seen_at=at or timezone.now())


def _keep(prompt: ReflectionPrompt, slug: str, text: str) -> None:
    kept = prompt.answers.filter(question=slug).first()
    if not text:
        prompt.answers.filter(question=slug).delete()
        prompt.shared.filter(question=slug).delete()
    elif kept is None:
        ReflectionAnswer.objects.create(prompt=prompt, author=prompt.person, question=slug, text=text)
    elif kept.text != text:
        kept.text = text
        kept.save()


def _keep_scales(prompt: ReflectionPrompt, scales: Mapping[str, int]) -> None:
    for scale in SCALES:
        if value := scales.get(scale.slug):
            ReflectionScale.objects.update_or_create(
                prompt=prompt, question=scale.slug, defaults={"author": prompt.person, "value": value}
            )
        else:
            prompt.scales.filter(question=scale.slug).delete()
