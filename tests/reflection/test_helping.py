from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Participant, Person, RoleGrant
from insights.home import home_for
from matching.models import Pairing
from outbox.kinds import kind_of
from outbox.models import Message
from reflection import helping
from reflection.models import HelpMessage, HelpThread

As = Callable[[Person | None], Client]
WORDS = "marked words about my buddy"


@pytest.fixture
def lea(make_person: Callable[..., Person], cohort: Cohort, dora: Person) -> Person:
    """Another lead of the same programme."""
    lea = make_person("Lea")
    RoleGrant.objects.create(person=lea, role=RoleGrant.LEAD)
    cohort.programme.add_lead(lea, added_by=dora)
    return lea


@pytest.fixture
def thread(pairing: Pairing, ada: Person, dora: Person, lea: Person) -> HelpThread:
    return helping.ask(dora, WORDS, by=ada)


def offered(person: Person) -> list[str]:
    return [offer.person.name for offer in helping.offered_to(person)]


def texts(viewer: Person) -> list[str]:
    return [message.text for message in HelpMessage.objects.visible_to(viewer)]


def test_the_leads_of_my_programmes_are_offered(pairing: Pairing, lea: Person, ada: Person, eve: Person) -> None:
    assert offered(ada) == ["Dora", "Lea"]
    assert offered(eve) == []


def test_neither_a_lead_who_is_my_buddy_nor_myself(
    cohort: Cohort,
    lea: Person,
    ada: Person,
    dora: Person,
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
) -> None:
    own = make_pairing(take_part(ada, cohort), take_part(dora, cohort))
    assert [offered(ada), offered(dora)] == [["Lea"], ["Lea"]]
    with pytest.raises(helping.NotOffered):
        helping.ask(dora, WORDS, by=ada)
    own.close()
    assert offered(ada) == ["Dora", "Lea"]


def test_somebody_who_left_can_still_ask(participants: dict[str, Participant], lea: Person, ada: Person) -> None:
    Participant.objects.filter(person=ada).update(left_at=timezone.now())
    assert offered(ada) == ["Dora", "Lea"]


def test_a_lead_who_is_my_manager_is_offered_with_a_word_about_it(
    as_: As, pairing: Pairing, dora: Person, lea: Person, ada: Person
) -> None:
    Person.objects.filter(pk=ada.pk).update(manager=dora)
    ada.refresh_from_db()
    assert [offer.is_manager for offer in helping.offered_to(ada)] == [True, False]
    assert "Also your line manager" in as_(ada).get("/help/").content.decode()
    assert "is also your line manager" in as_(ada).get(f"/help/leads/{dora.pk}/").content.decode()


def test_the_two_alone_can_read_it(
    thread: HelpThread, ada: Person, dora: Person, lea: Person, ben: Person, cleo: Person, max_: Person, olga: Person
) -> None:
    helping.write(thread, "I hear you", by=dora)
    assert texts(ada) == texts(dora) == [WORDS, "I hear you"]
    assert [texts(other) for other in (lea, ben, cleo, max_, olga)] == [[]] * 5


def test_it_is_encrypted_with_a_key_of_its_own(thread: HelpThread) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM reflection_helpmessage")
        assert WORDS.encode() not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT owner_kind, owner_id FROM trust_datakey")
        assert cursor.fetchall() == [("help-thread", thread.pk)]


def test_asking_again_goes_on_in_the_open_conversation(thread: HelpThread, ada: Person, dora: Person) -> None:
    assert helping.ask(dora, "One more thing", by=ada) == thread
    helping.close(thread, by=dora)
    assert helping.ask(dora, "Another matter", by=ada) != thread


def test_the_same_words_sent_twice_are_written_once(thread: HelpThread, ada: Person, dora: Person) -> None:
    helping.ask(dora, WORDS, by=ada)
    assert texts(ada) == [WORDS]


def test_a_closed_conversation_is_read_and_not_written(thread: HelpThread, ada: Person, dora: Person) -> None:
    helping.close(thread, by=dora)
    helping.close(thread, by=ada)
    thread.refresh_from_db()
    assert thread.closed_by == dora
    with pytest.raises(helping.Closed):
        helping.write(thread, "Too late", by=ada)
    assert texts(ada) == [WORDS]


def mails_to(person: Person) -> list[Message]:
    return list(Message.objects.filter(kind="help_message", recipient=person).order_by("created_at"))


def test_the_mail_says_only_that_there_is_a_message(thread: HelpThread, dora: Person) -> None:
    (mail,) = mails_to(dora)
    letter = kind_of("help_message").compose(mail)
    assert letter is not None
    assert letter.subject == "You have a message in Buddying"
    for part in (letter.text, letter.html or ""):
        assert [word for word in ("Ada", "Ben", "marked", "confidence", "lead") if word in part] == []
        assert f"/help/conversations/{thread.pk}/" in part


def test_one_mail_for_all_that_is_unread_and_none_for_what_has_been_read(
    thread: HelpThread, ada: Person, dora: Person
) -> None:
    helping.write(thread, "And this", by=ada)
    (first,) = mails_to(dora)
    helping.mark_read(thread, dora, until=timezone.now())
    assert kind_of("help_message").compose(first) is None
    helping.write(HelpThread.objects.get(), "And that", by=ada)
    assert len(mails_to(dora)) == 2
    assert mails_to(ada) == []


def steps(person: Person) -> list[str]:
    return [step.title for step in home_for(person, timezone.now()).steps if "in confidence" in step.title]


def test_what_is_unread_is_the_next_step_of_whoever_has_not_read_it(
    as_: As, thread: HelpThread, ada: Person, dora: Person, lea: Person
) -> None:
    url = f"/help/conversations/{thread.pk}/"
    assert [steps(person) for person in (dora, lea, ada)] == [["Ada has written to you in confidence"], [], []]
    assert "new message" in as_(dora).get("/help/").content.decode()
    assert WORDS in as_(dora).get(url).content.decode()
    assert steps(dora) == []
    assert "new message" not in as_(dora).get("/help/").content.decode()
    as_(dora).post(url, {"text": "I hear you"})
    assert [steps(person) for person in (dora, ada)] == [[], ["Dora has written to you in confidence"]]


def test_what_comes_while_the_page_is_open_stays_unread(thread: HelpThread, ada: Person, dora: Person) -> None:
    shown = HelpMessage.objects.get().written_at
    helping.write(thread, "Just now", by=ada, at=shown + timedelta(seconds=1))
    helping.mark_read(thread, dora, until=shown)
    assert [message.text for message in helping.unread(HelpThread.objects.get(), dora)] == ["Just now"]
    assert len(steps(dora)) == 1


def test_when_the_lead_leaves_the_programme_it_stays_with_the_two(
    as_: As, thread: HelpThread, ada: Person, dora: Person, lea: Person
) -> None:
    thread.programme.remove_lead(dora)  # type: ignore[union-attr]
    url = f"/help/conversations/{thread.pk}/"
    assert "Dora no longer leads Buddies" in as_(ada).get(url).content.decode()
    assert "You no longer lead Buddies" in as_(dora).get(url).content.decode()
    assert as_(dora).post(url, {"text": "Still here"}).status_code == 302
    assert as_(lea).get(url).status_code == 404
    assert offered(ada) == ["Lea"]


def test_through_the_pages(as_: As, pairing: Pairing, ada: Person, dora: Person) -> None:
    browser, url = as_(ada), f"/help/leads/{dora.pk}/"
    assert url in browser.get("/help/").content.decode()
    refused = browser.post(url, {"text": " "})
    assert refused.status_code == 422
    there = browser.post(url, {"text": WORDS})["Location"]
    assert WORDS in browser.get(there).content.decode()
    assert browser.get(url)["Location"] == there
    assert browser.post(f"{there}closure/")["Location"] == "/help/"
    assert browser.post(there, {"text": "More"}).status_code == 200
    assert texts(ada) == [WORDS]


@pytest.mark.parametrize("name", ["Ben", "Cleo", "Eve", "Lea", "Max", "Olga"])
def test_nobody_else_opens_or_closes_it(as_: As, thread: HelpThread, eve: Person, olga: Person, name: str) -> None:
    client, url = as_(Person.objects.get(name=name)), f"/help/conversations/{thread.pk}/"
    answers = [client.get(url), client.post(url, {"text": "x"}), client.post(f"{url}closure/")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert HelpThread.objects.open().count() == 1


def test_other_leads_and_administrators_find_nothing_of_it(
    as_: As, thread: HelpThread, lea: Person, olga: Person
) -> None:
    cohort = Cohort.objects.get()
    for person, pages in ((lea, ["/", "/help/", f"/cohorts/{cohort.pk}/"]), (olga, ["/", "/help/", "/overview/"])):
        for page in pages:
            source = as_(person).get(page).content.decode()
            assert [word for word in (WORDS, "/help/conversations/", "has written to you") if word in source] == []


@pytest.mark.parametrize("more", [0, 2])
def test_the_help_page_asks_the_same_for_one_conversation_and_for_three(
    as_: As,
    thread: HelpThread,
    dora: Person,
    participants: dict[str, Participant],
    django_assert_num_queries: Any,
    more: int,
) -> None:
    for one in list(participants.values())[1 : 1 + more]:
        helping.ask(dora, WORDS, by=one.person)
    client = as_(dora)
    with django_assert_num_queries(9):
        client.get("/help/")
