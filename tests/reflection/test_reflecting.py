from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Participant, Person
from insights.home import home_for
from matching.models import Pairing, PairingMember
from outbox.models import Message
from reflection import reflecting
from reflection.models import ReflectionAnswer, ReflectionPrompt, ReflectionScale, SharedAnswer
from reflection.sharing import sentences_of, share
from sessions_log.models import CoachingSession

As = Callable[[Person | None], Client]


def tokens(prompt: ReflectionPrompt, *texts: str) -> list[str]:
    """What a page sends for these ticked sentences."""
    return [one.token for rows in sentences_of(prompt).values() for one in rows if one.text in texts]


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
    reflecting.answer(mine, {"works": "We laugh. The walks!\nAnd cake", "change": "Meet earlier."})
    assert not SharedAnswer.objects.exists()
    for _ in range(2):
        share(mine, tokens(mine, "The walks!", "And cake"))
    assert [(s.question, s.text) for s in SharedAnswer.objects.visible_to(ben)] == [("works", "The walks!\nAnd cake")]
    share(mine, [])
    assert not SharedAnswer.objects.exists()


def test_a_sentence_that_changed_since_the_page_was_opened_is_not_shared(prompts: dict[str, ReflectionPrompt]) -> None:
    mine = prompts["Ada"]
    reflecting.answer(mine, {"works": "We laugh. The walks."})
    ticked = tokens(mine, "We laugh.")
    reflecting.answer(mine, {"works": "We cry. We laugh at Ben. The walks."})
    share(mine, ticked)
    assert not SharedAnswer.objects.exists()


def test_what_was_shared_stays_as_it_was_and_shows_as_such(prompts: dict[str, ReflectionPrompt]) -> None:
    mine = prompts["Ada"]
    reflecting.answer(mine, {"works": "We laugh."})
    share(mine, tokens(mine, "We laugh."))
    reflecting.answer(mine, {"works": "We laugh a lot."})
    rows = [(one.text, one.is_shared, one.is_former) for one in sentences_of(mine)["works"]]
    assert rows == [("We laugh a lot.", False, False), ("We laugh.", True, True)]
    share(mine, tokens(mine, "We laugh a lot."))
    assert SharedAnswer.objects.get().text == "We laugh a lot."


def test_unticking_one_sentence_shows_nothing_to_somebody_who_came_later(
    prompts: dict[str, ReflectionPrompt], participants: dict[str, Participant], pairing: Pairing, cleo: Person
) -> None:
    mine = prompts["Ada"]
    reflecting.answer(mine, {"works": "We laugh. The walks."})
    share(mine, tokens(mine, "We laugh.", "The walks."))
    PairingMember.objects.create(pairing=pairing, participant=participants["Cleo"], joined_at=timezone.now())
    share(mine, tokens(mine, "We laugh."))
    assert not SharedAnswer.objects.visible_to(cleo).exists()


def test_answers_are_their_authors_alone(prompts: dict[str, ReflectionPrompt], ada: Person, ben: Person) -> None:
    reflecting.answer(prompts["Ada"], {"works": "We laugh"})
    assert ReflectionAnswer.objects.visible_to(ada).count() == 1
    assert not ReflectionAnswer.objects.visible_to(ben).exists()


def test_an_emptied_answer_is_taken_back_everywhere(prompts: dict[str, ReflectionPrompt]) -> None:
    reflecting.answer(prompts["Ada"], {"works": "We laugh", "change": "Nothing"})
    share(prompts["Ada"], tokens(prompts["Ada"], "We laugh"))
    reflecting.answer(prompts["Ada"], {"works": "", "change": "Nothing"})
    assert [a.question for a in ReflectionAnswer.objects.all()] == ["change"]
    assert not SharedAnswer.objects.exists()


def test_through_the_pages_alone_first(
    as_: As, prompts: dict[str, ReflectionPrompt], pairing: Pairing, ada: Person, ben: Person
) -> None:
    client, joint = as_(ada), f"/pairings/{pairing.pk}/reflection/"
    mine = f"/reflections/{prompts['Ada'].pk}/"
    assert client.get(joint)["Location"] == mine
    assert client.post(mine, {"works": " "}).status_code == 422
    answers = {"works": "We laugh.", "change": "Earlier. Longer.", "balance": "3"}
    assert client.post(mine, answers)["Location"] == f"{mine}sharing/"
    ticked = tokens(prompts["Ada"], "Longer.")
    assert client.post(f"{mine}sharing/", {"shared": ticked})["Location"] == joint
    waiting = client.get(joint).content.decode()
    assert ("Ben has not answered yet" in waiting, "Longer." in waiting) == (True, True)

    reflecting.answer(prompts["Ben"], {"works": "The walks."})
    share(prompts["Ben"], tokens(prompts["Ben"], "The walks."))
    pages = [as_(person).get(joint).content.decode() for person in (ada, ben)]
    for words, shown in (("Longer.", True), ("The walks.", True), ("We laugh.", False), ("Earlier.", False)):
        assert [words in page for page in pages] == [shown, shown]
    assert f"/pairings/{pairing.pk}/agreement/?change" in pages[0]


def test_a_trio_waits_for_the_third(
    as_: As, participants: dict[str, Participant], make_pairing: Callable[..., Pairing], ada: Person
) -> None:
    trio = make_pairing(*participants.values())
    reflecting.prompt_members(trio, timezone.now())
    asked = {prompt.person.name: prompt for prompt in ReflectionPrompt.objects.all()}
    for name in ("Ada", "Ben"):
        reflecting.answer(asked[name], {"works": f"{name}’s words."})
        share(asked[name], tokens(asked[name], f"{name}’s words."))
    joint = f"/pairings/{trio.pk}/reflection/"
    assert "Ben’s words." not in as_(ada).get(joint).content.decode()
    PairingMember.objects.filter(participant=participants["Cleo"]).update(left_at=timezone.now())
    assert "Ben’s words." in as_(ada).get(joint).content.decode()


def steps(person: Person) -> list[str]:
    return [step.title for step in home_for(person, timezone.now()).steps if "reflected" in step.title]


def test_once_all_have_answered_each_is_told_on_their_page_until_they_looked(
    as_: As, prompts: dict[str, ReflectionPrompt], pairing: Pairing, ada: Person, ben: Person
) -> None:
    joint = f"/pairings/{pairing.pk}/reflection/"
    reflecting.answer(prompts["Ada"], {"works": "We laugh."})
    as_(ada).get(joint)
    assert [steps(ada), steps(ben)] == [[], []]
    reflecting.answer(prompts["Ben"], {"works": "We walk."})
    assert [steps(ada), steps(ben)] == [["You and Ben have both reflected"], ["You and Ada have both reflected"]]
    as_(ada).get(joint)
    assert [len(steps(ada)), len(steps(ben))] == [0, 1]


def test_saved_as_one_goes_and_not_finished(
    as_: As, prompts: dict[str, ReflectionPrompt], pairing: Pairing, ada: Person
) -> None:
    client, mine = as_(ada), f"/reflections/{prompts['Ada'].pk}/"
    assert client.post(f"{mine}draft/", {"works": "We laugh.", "balance": "2"})["Location"] == "/"
    saved = client.post(f"{mine}draft/", {"works": "We laugh a lot."}, headers={"HX-Request": "true"})
    assert (saved.status_code, saved.content, bool(saved["Kept-At"])) == (204, b"", True)
    prompts["Ada"].refresh_from_db()
    assert prompts["Ada"].answered_at is None
    assert [answer.text for answer in ReflectionAnswer.objects.all()] == ["We laugh a lot."]
    assert not ReflectionScale.objects.exists()
    assert "We laugh a lot." in client.get(mine).content.decode()
    too_long = client.post(f"{mine}draft/", {"works": "x" * 4001}, headers={"HX-Request": "true"})
    assert too_long.status_code == 422


def test_a_choice_on_a_scale_stands_once_the_reflection_is_finished(prompts: dict[str, ReflectionPrompt]) -> None:
    mine = prompts["Ada"]
    reflecting.keep(mine, {}, {"balance": 2, "rhythm": 1})
    reflecting.answer(mine, {"works": "We laugh."}, {"balance": 3})
    reflecting.answer(mine, {"works": "We cry."}, {"balance": 5, "rhythm": 2})
    assert [(choice.question, choice.value) for choice in ReflectionScale.objects.all()] == [("balance", 3)]
    assert ReflectionAnswer.objects.get().text == "We cry."


def test_scales_are_their_authors_alone(prompts: dict[str, ReflectionPrompt], ada: Person, ben: Person) -> None:
    reflecting.answer(prompts["Ada"], {}, {"balance": 3})
    assert ReflectionScale.objects.visible_to(ada).count() == 1
    assert not ReflectionScale.objects.visible_to(ben).exists()


def test_sharing_what_was_not_said_is_refused(as_: As, prompts: dict[str, ReflectionPrompt], ada: Person) -> None:
    reflecting.answer(prompts["Ada"], {"works": "We laugh"})
    for ticked in ("works", "change", "works:0000000000000000"):
        page = as_(ada).post(f"/reflections/{prompts['Ada'].pk}/sharing/", {"shared": [ticked]})
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
    for path in ("", "sharing/", "draft/"):
        if path != "draft/":
            assert client.get(f"/reflections/{prompts['Ada'].pk}/{path}").status_code == 404
        assert client.post(f"/reflections/{prompts['Ada'].pk}/{path}", {"works": "x"}).status_code == 404
