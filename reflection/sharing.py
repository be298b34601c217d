"""Sharing a reflection, sentence by sentence. Nothing is shared that is not ticked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from reflection.models import ReflectionPrompt, SharedAnswer
from reflection.questions import WORDS
from reflection.reflecting import held, is_over
from reflection.sentences import sentences, token


class Sentence(NamedTuple):
    """``is_former``: shared as it once stood, and no longer part of the answer."""

    question: str
    token: str
    text: str
    is_shared: bool
    is_former: bool


def sentences_of(prompt: ReflectionPrompt) -> dict[str, list[Sentence]]:
    """What can be shared and what is, by question; once it is over, only what is."""
    written = {} if is_over(prompt) else {answer.question: answer.text for answer in prompt.answers.all()}
    shared = {answer.question: answer.text for answer in prompt.shared.all()}
    found = {slug: _sentences(slug, written.get(slug, ""), shared.get(slug, "")) for slug in WORDS}
    return {slug: rows for slug, rows in found.items() if rows}


def _sentences(question: str, written: str, shared: str) -> list[Sentence]:
    now, before = sentences(written), sentences(shared)
    former = [text for text in before if text not in now]
    return [Sentence(question, token(question, text), text, text in before, text in former) for text in now + former]


@transaction.atomic
def share(prompt: ReflectionPrompt, ticked: Collection[str], at: datetime | None = None) -> None:
    """The buddies see just the sentences with these tokens from now on; after the end, only no more than before."""
    prompt, at = held(prompt), at or timezone.now()
    known = sentences_of(prompt)
    for slug in WORDS:
        chosen = [one for one in known.get(slug, []) if one.token in ticked]
        _replace(prompt, slug, "\n".join(one.text for one in chosen), at)


def _replace(prompt: ReflectionPrompt, question: str, text: str, at: datetime) -> None:
    shared = prompt.shared.filter(question=question).first()
    if shared is not None and shared.text == text:
        return
    prompt.shared.filter(question=question).delete()
    if text:
        SharedAnswer.objects.create(
            prompt=prompt,
            pairing_id=prompt.pairing_id,
            author=prompt.person,
            question=question,
            text=text,
            shared_at=shared.shared_at if shared else at,
        )
