from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from buddying.models import Participant, Person
from matching import pausing, placing
from matching.models import MatchRun, Pairing
from outbox.kinds import kind_of
from outbox.models import Message
from reflection import fitting
from reflection.models import FitCheck
from sessions_log.models import CoachingSession

As = Callable[[Person | None], Client]
Held = Callable[..., CoachingSession]


def asked() -> list[tuple[str, int, str]]:
    rows = FitCheck.objects.order_by("person__name", "round").select_related("person")
    return [(check.person.name, check.round, check.answer) for check in rows]


def check_of(person: Person) -> FitCheck:
    return FitCheck.objects.filter(person=person).order_by("-round")[0]


def test_each_is_asked_once_after_the_first_session(pairing: Pairing, held: Held) -> None:
    for _ in range(2):
        held(pairing)
    assert asked() == [("Ada", 1, ""), ("Ben", 1, "")]


def test_whoever_is_still_deciding_is_asked_again_after_the_next_session(
    pairing: Pairing, held: Held, ada: Person, ben: Person
) -> None:
    session = held(pairing)
    fitting.answer(check_of(ada), FitCheck.DECIDING)
    fitting.answer(check_of(ben), FitCheck.GOOD)
    fitting.ask_when_due(session, timezone.now())  # held was taken back and said again
    assert asked() == [("Ada", 1, "deciding"), ("Ben", 1, "good")]
    held(pairing)
    assert asked() == [("Ada", 1, "deciding"), ("Ada", 2, ""), ("Ben", 1, "good")]


def test_an_answer_stands(pairing: Pairing, held: Held, ada: Person) -> None:
    held(pairing)
    fitting.answer(check_of(ada), FitCheck.GOOD)
    fitting.answer(check_of(ada), FitCheck.NOT_GOOD)
    assert check_of(ada).answer == "good"


def test_the_database_knows_only_the_three_answers(pairing: Pairing, held: Held) -> None:
    held(pairing)
    for wrong in ({"answer": "good"}, {"answered_at": timezone.now()}, {"answer": "x", "answered_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FitCheck.objects.update(**wrong)


def test_somebody_who_joined_after_the_session_is_asked_after_the_next(
    participants: dict[str, Participant], pairing: Pairing, held: Held, dora: Person
) -> None:
    now = timezone.now()
    MatchRun.objects.create(cohort=pairing.cohort, requested_by=dora, finished_at=now, published_at=now)
    placing.add(participants["Cleo"], pairing, by=dora)
    held(pairing)
    assert asked() == [("Ada", 1, ""), ("Ben", 1, "")]
    later = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now(), held_at=timezone.now())
    fitting.ask_when_due(later, timezone.now())
    assert asked() == [("Ada", 1, ""), ("Ben", 1, ""), ("Cleo", 1, "")]


def test_a_mail_asks_a_day_later_and_only_while_it_is_open(
    pairing: Pairing, held: Held, ada: Person, ben: Person
) -> None:
    at = timezone.now()
    held(pairing, at)
    messages = Message.objects.filter(kind="fit_check").select_related("recipient")
    assert sorted((m.recipient.name, m.due_at - at) for m in messages) == [
        ("Ada", timedelta(hours=20)),
        ("Ben", timedelta(hours=20)),
    ]
    to_ada, to_ben = (messages.get(recipient=person) for person in (ada, ben))
    fitting.answer(check_of(ada), FitCheck.GOOD)
    assert kind_of("fit_check").compose(to_ada) is None
    letter = kind_of("fit_check").compose(to_ben)
    assert letter is not None
    assert letter.subject == "How does it feel so far, with Ada?"
    assert f"/fit-checks/{check_of(ben).pk}/" in letter.text
    pairing.close()
    assert kind_of("fit_check").compose(to_ben) is None


def test_the_reconciler_puts_back_what_is_missing_and_tells_nobody_twice(
    pairing: Pairing, held: Held, ada: Person
) -> None:
    held(pairing)
    Message.objects.filter(recipient=ada).delete()
    for _ in range(2):
        fitting.tell_those_asked()
    assert Message.objects.filter(kind="fit_check").count() == 2


def test_somebody_who_pauses_is_told_afterwards(
    participants: dict[str, Participant], pairing: Pairing, held: Held, ada: Person
) -> None:
    pausing.pause(participants["Ada"], (timezone.now() + timedelta(days=3)).date())
    held(pairing)
    assert not Message.objects.filter(kind="fit_check", recipient=ada).exists()
    pausing.resume(participants["Ada"])
    fitting.tell_those_asked()
    assert Message.objects.filter(kind="fit_check", recipient=ada).count() == 1


@pytest.mark.parametrize(
    ("answer", "then"),
    [("good", "/pairings/{}/"), ("deciding", "/pairings/{}/"), ("not-good", "/pairings/{}/not-a-good-fit/")],
)
def test_through_the_pages(as_: As, pairing: Pairing, held: Held, ada: Person, answer: str, then: str) -> None:
    held(pairing)
    browser, url = as_(ada), f"/fit-checks/{check_of(ada).pk}/"
    assert url in browser.get("/").content.decode()
    assert browser.post(url, {}).status_code == 422
    assert browser.post(url, {"answer": "no such"}).status_code == 422
    assert browser.post(url, {"answer": answer})["Location"] == then.format(pairing.pk)
    assert url not in browser.get("/").content.decode()
    assert "You have answered this" in browser.get(url).content.decode()


def test_the_buddy_cannot_tell_what_was_answered(
    as_: As, pairing: Pairing, held: Held, ada: Person, ben: Person
) -> None:
    held(pairing)
    pages = ("/", f"/pairings/{pairing.pk}/", f"/pairings/{pairing.pk}/not-a-good-fit/")
    before = [as_(ben).get(page).content for page in pages]
    as_(ada).post(f"/fit-checks/{check_of(ada).pk}/", {"answer": "not-good"})
    after = [as_(ben).get(page).content for page in pages]
    assert [_without_tokens(page) for page in before] == [_without_tokens(page) for page in after]


def _without_tokens(page: bytes) -> str:
    import re

    return re.sub(r'X-CSRFToken": "\w+|csrfmiddlewaretoken" value="\w+', "", page.decode())


def test_nothing_is_answered_after_the_end(as_: As, pairing: Pairing, held: Held, ada: Person) -> None:
    held(pairing)
    pairing.close()
    assert as_(ada).post(f"/fit-checks/{check_of(ada).pk}/", {"answer": "good"}).status_code == 200
    assert check_of(ada).answer == ""
    with pytest.raises(fitting.Over):
        fitting.answer(check_of(ada), "good")


@pytest.mark.parametrize("name", ["Ben", "Cleo", "Dora", "Eve", "Max", "Olga"])
def test_nobody_else_opens_my_fit_check(
    as_: As, pairing: Pairing, held: Held, ada: Person, dora: Person, eve: Person, max_: Person, olga: Person, name: str
) -> None:
    held(pairing)
    client, url = as_(Person.objects.get(name=name)), f"/fit-checks/{check_of(ada).pk}/"
    assert [client.get(url).status_code, client.post(url, {"answer": "good"}).status_code] == [404, 404]
    assert check_of(ada).answer == ""
