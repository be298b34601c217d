"""Writing on when a pairing is over, or when one has left it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Participant, Person
from matching.models import Pairing, PairingMember
from reflection import agreeing, reflecting
from reflection.models import ReflectionAnswer, ReflectionPrompt, SharedAnswer
from reflection.sharing import sentences_of, share

As = Callable[[Person | None], Client]


@pytest.fixture
def trio(participants: dict[str, Participant], make_pairing: Callable[..., Pairing]) -> Pairing:
    return make_pairing(*participants.values())


@pytest.fixture
def prompt(trio: Pairing, ada: Person) -> ReflectionPrompt:
    """Ada has shared one answer and kept one."""
    prompt = ReflectionPrompt.objects.create(pairing=trio, person=ada)
    reflecting.answer(prompt, {"works": "We laugh.", "change": "The room."})
    share(prompt, tokens(prompt, "works"))
    return prompt


def tokens(prompt: ReflectionPrompt, *questions: str) -> list[str]:
    return [one.token for question, rows in sentences_of(prompt).items() if question in questions for one in rows]


def leave(pairing: Pairing, person: Person) -> None:
    PairingMember.objects.filter(pairing=pairing, participant__person=person).update(left_at=timezone.now())


def shared(pairing: Pairing) -> list[str]:
    return [answer.text for answer in SharedAnswer.objects.filter(pairing=pairing)]


def test_nothing_is_shared_with_those_one_has_left(
    as_: As, trio: Pairing, prompt: ReflectionPrompt, ada: Person
) -> None:
    works, change = tokens(prompt, "works"), tokens(prompt, "change")
    leave(trio, ada)
    for data in ({"shared": works + change}, {"shared": change}):
        as_(ada).post(f"/reflections/{prompt.pk}/sharing/", data)
        assert "The room." not in shared(trio)


def test_what_was_shared_can_be_taken_back_after_the_end(
    as_: As, trio: Pairing, prompt: ReflectionPrompt, ada: Person
) -> None:
    trio.close()
    as_(ada).post(f"/reflections/{prompt.pk}/sharing/", {})
    assert shared(trio) == []


def test_who_is_left_in_a_trio_is_not_shown_to_who_has_left(
    as_: As, trio: Pairing, prompt: ReflectionPrompt, ada: Person
) -> None:
    leave(trio, ada)
    for page in ("", "sharing/"):
        assert "Cleo" not in as_(ada).get(f"/reflections/{prompt.pk}/{page}").content.decode()


def test_no_reflection_is_written_after_the_end(as_: As, trio: Pairing, prompt: ReflectionPrompt, ada: Person) -> None:
    trio.close()
    as_(ada).post(f"/reflections/{prompt.pk}/", {"works": "Something else."})
    assert [answer.text for answer in ReflectionAnswer.objects.filter(question="works")] == ["We laugh."]


def test_an_agreement_is_neither_changed_nor_signed_after_the_end(trio: Pairing, ada: Person) -> None:
    """Also not by a press that was on its way when it ended."""
    agreeing.draft_for(trio, timezone.now())
    first = trio.agreements.get()
    before = Pairing.objects.get(pk=trio.pk)
    trio.close()
    with pytest.raises(agreeing.Over):
        agreeing.rewrite(before, "Other words", by=ada)
    with pytest.raises(agreeing.Over):
        agreeing.sign(before, first, by=ada, read_at=first.written_at)
    assert not first.signatures.exists()


def test_an_agreement_is_for_those_in_it(trio: Pairing, ada: Person, eve: Person) -> None:
    agreeing.draft_for(trio, timezone.now())
    first = trio.agreements.get()
    leave(trio, ada)
    for person in (ada, eve):
        with pytest.raises(agreeing.Over):
            agreeing.sign(trio, first, by=person, read_at=first.written_at)


def test_a_page_left_open_meets_the_end(as_: As, trio: Pairing, ada: Person) -> None:
    agreeing.draft_for(trio, timezone.now())
    browser = as_(ada)
    trio.close()
    assert browser.post(f"/pairings/{trio.pk}/agreement/", {"text": "Other words"}).status_code < 500
    assert trio.agreements.get().text != "Other words"
    assert browser.post(f"/pairings/{trio.pk}/agreement/signature/", {"version": "1"}).status_code == 404
