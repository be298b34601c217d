from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Person
from matching.models import Pairing
from outbox.models import Message
from reflection import reflecting
from reflection.models import ReflectionAnswer, ReflectionPrompt, SharedAnswer
from sessions_log.models import CoachingSession


@pytest.fixture
def hold(pairing: Pairing) -> Callable[[int], None]:
    """Record ``n`` more sessions as held, as the log does."""

    def hold(n: int) -> None:
        for _ in range(n):
            start = timezone.now() - timedelta(days=pairing.sessions.count() + 1)
            session = CoachingSession.objects.create(pairing=pairing, starts_at=start, held_at=timezone.now())
            reflecting.prompt_when_due(session, timezone.now())

    return hold


@pytest.fixture
def prompts(hold: Callable[[int], None], ada: Person, ben: Person) -> dict[str, ReflectionPrompt]:
    hold(3)
    return {prompt.person.name: prompt for prompt in ReflectionPrompt.objects.all()}


def test_two_sessions_are_too_early(hold: Callable[[int], None]) -> None:
    hold(2)
    assert not ReflectionPrompt.objects.exists()


def test_each_member_is_asked_once_at_the_reflection_point_and_never_again(
    hold: Callable[[int], None], ada: Person, ben: Person
) -> None:
    hold(5)
    assert sorted(prompt.person.name for prompt in ReflectionPrompt.objects.all()) == ["Ada", "Ben"]
    told = Message.objects.filter(kind="reflection_prompt")
    assert sorted(message.recipient.name for message in told) == ["Ada", "Ben"]


def test_a_lost_message_is_put_back_and_no_second_one(prompts: dict[str, ReflectionPrompt]) -> None:
    Message.objects.filter(recipient=prompts["Ada"].person).delete()
    reflecting.tell_those_prompted()
    reflecting.tell_those_prompted()
    assert Message.objects.filter(kind="reflection_prompt").count() == 2


def test_the_cohorts_own_point_counts(pairing: Pairing, hold: Callable[[int], None]) -> None:
    pairing.cohort.reflection_point = 4
    pairing.cohort.save()
    hold(3)
    assert not ReflectionPrompt.objects.exists()
    hold(1)
    assert ReflectionPrompt.objects.count() == 2


def test_only_what_was_chosen_is_shared_and_it_can_be_taken_back(
    prompts: dict[str, ReflectionPrompt], ben: Person
) -> None:
    mine = prompts["Ada"]
    reflecting.answer(mine, {"works": "We laugh", "change": "Meet earlier"})
    assert not SharedAnswer.objects.exists()
    reflecting.share(mine, ["works"])
    reflecting.share(mine, ["works"])
    assert [(s.question, s.text) for s in SharedAnswer.objects.visible_to(ben)] == [("works", "We laugh")]
    reflecting.share(mine, [])
    assert not SharedAnswer.objects.exists()


def test_answers_are_their_authors_alone(prompts: dict[str, ReflectionPrompt], ada: Person, ben: Person) -> None:
    reflecting.answer(prompts["Ada"], {"works": "We laugh"})
    assert ReflectionAnswer.objects.visible_to(ada).count() == 1
    assert not ReflectionAnswer.objects.visible_to(ben).exists()


def test_an_emptied_answer_is_taken_back_everywhere(prompts: dict[str, ReflectionPrompt]) -> None:
    reflecting.answer(prompts["Ada"], {"works": "We laugh", "change": "Nothing"})
    reflecting.share(prompts["Ada"], ["works"])
    reflecting.answer(prompts["Ada"], {"works": "", "change": "Nothing"})
    assert [a.question for a in ReflectionAnswer.objects.all()] == ["change"]
    assert not SharedAnswer.objects.exists()


def test_through_the_pages_alone_first(
    as_: Callable[[Person], Client],
    prompts: dict[str, ReflectionPrompt],
    pairing: Pairing,
    ada: Person,
    ben: Person,
) -> None:
    reflecting.answer(prompts["Ben"], {"works": "The walks"})
    reflecting.share(prompts["Ben"], ["works"])
    client, joint = as_(ada), f"/pairings/{pairing.pk}/reflection/"
    mine = f"/reflections/{prompts['Ada'].pk}/"
    assert client.get(joint).url == mine  # type: ignore[attr-defined]
    assert client.post(mine, {"works": " "}).status_code == 422
    assert client.post(mine, {"works": "We laugh", "change": "Earlier"}).url == f"{mine}sharing/"  # type: ignore[attr-defined]
    assert client.post(f"{mine}sharing/", {"shared": ["change"]}).url == joint  # type: ignore[attr-defined]
    page = client.get(joint).content.decode()
    assert "The walks" in page
    assert "Earlier" in page
    assert "We laugh" not in as_(ben).get(joint).content.decode()


def test_sharing_an_answer_that_was_not_given_is_refused(
    as_: Callable[[Person], Client], prompts: dict[str, ReflectionPrompt], ada: Person
) -> None:
    reflecting.answer(prompts["Ada"], {"works": "We laugh"})
    page = as_(ada).post(f"/reflections/{prompts['Ada'].pk}/sharing/", {"shared": ["change"]})
    assert page.status_code == 422
    assert not SharedAnswer.objects.exists()


@pytest.mark.parametrize("name", ["Ben", "Cleo", "Dora", "Eve", "Max", "Olga"])
def test_nobody_else_opens_my_reflection(
    as_: Callable[[Person], Client],
    prompts: dict[str, ReflectionPrompt],
    dora: Person,
    eve: Person,
    max_: Person,
    olga: Person,
    name: str,
) -> None:
    client = as_(Person.objects.get(name=name))
    for path in ("", "sharing/"):
        assert client.get(f"/reflections/{prompts['Ada'].pk}/{path}").status_code == 404
        assert client.post(f"/reflections/{prompts['Ada'].pk}/{path}", {"works": "x"}).status_code == 404
