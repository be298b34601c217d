"""The link below a mail that stops mails like it: RFC 8058 for programs, a page for people."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from outbox.delivery import drain
from outbox.groups import ACCESS, CHANGES, CHOSEN_BY_MODE, DAILY, GROUPS, NUDGES, REMINDERS, SESSIONS
from outbox.kinds import Kind, Letter, letter
from outbox.models import MailChoices, Message
from outbox.unsubscribing import stop_of, token
from tests.outbox.conftest import NINE, Sink, words

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link(person: Any, group: str = NUDGES) -> str:
    return f"/mail/stop/{token(person.pk, group)}/"


@pytest.fixture
def program() -> Client:
    """A mail program: no cookies, and no token against forgery."""
    return Client(enforce_csrf_checks=True)


def modes(person: Any) -> dict[str, str]:
    choices = MailChoices.of(person)
    return {name: getattr(choices, name) for name in (*CHOSEN_BY_MODE, REMINDERS)}


USUAL = {"sessions": "at once", "nudges": "at once", "reflection": "at once", "cohort": "at once", "reminders": "both"}


def test_a_mail_program_stops_one_group_for_one_person(program: Client, ada: Any, ben: Any) -> None:
    answer = program.post(link(ada), ONE_CLICK)
    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    assert (modes(ada), modes(ben)) == (USUAL | {"nudges": "never"}, USUAL)
    assert program.post(link(ada), ONE_CLICK).status_code == 200


def test_what_a_page_could_send_in_somebodys_name_is_refused(program: Client, ada: Any) -> None:
    for data in ({}, {"again": "yes"}, ONE_CLICK | {"again": "yes"}, {"List-Unsubscribe": "Two-Click"}):
        assert program.post(link(ada), data).status_code == 403
    assert modes(ada) == USUAL


def test_a_link_that_cannot_be_read_says_so_and_where_to_choose(program: Client, ada: Any, olga: Any) -> None:
    """Made up, cut off, of somebody who is gone, of mails that cannot be stopped: all the same."""
    gone = link(ada)
    ada.delete()
    links = ["/mail/stop/abc/", link(olga)[:-3] + "/", gone, link(olga, ACCESS)]
    answers = [Client().get(one) for one in links]
    assert [answer.status_code for answer in answers] == [404] * 4
    own = r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|name="next" value=")[^"&]+'
    (page,) = {re.sub(own, r"\1", answer.content.decode()) for answer in answers}
    assert "This link cannot be read" in page
    assert 'href="/me/messages/"' in page
    assert [program.post(one, ONE_CLICK).status_code for one in links] == [404] * 4


def test_looking_changes_nothing(ada: Any) -> None:
    page = Client().get(link(ada))
    assert page.status_code == 200
    assert "Stop these mails" in page.content.decode()
    assert modes(ada) == USUAL


def test_a_person_stops_sees_it_and_takes_it_back(ada: Any) -> None:
    MailChoices.objects.create(person=ada, nudges="daily", cohort="never")
    browser = Client()
    after = browser.post(link(ada), follow=True)
    assert "Stopped: Reminders of what is still open" in after.content.decode()
    assert modes(ada)["nudges"] == "never"
    browser.post(link(ada), {"again": "yes", "nudges": "daily", "cohort": "at once"})
    assert modes(ada) == USUAL | {"nudges": "daily", "cohort": "never"}


def test_the_page_says_what_is_and_not_what_the_address_says(ada: Any) -> None:
    assert "Stop: Reminders of what is still open?" in Client().get(f"{link(ada)}?nudges=daily").content.decode()


def test_taking_it_back_without_knowing_what_was_there(ada: Any) -> None:
    MailChoices.objects.create(person=ada, nudges="never", reminders="none")
    Client().post(link(ada), {"again": "yes", "nudges": "weekly"})
    Client().post(link(ada, REMINDERS), {"again": "yes"})
    assert modes(ada) == USUAL


def test_stopping_the_daily_mail_stops_what_goes_into_it(ada: Any) -> None:
    MailChoices.objects.create(person=ada, nudges="daily", cohort="daily")
    browser = Client()
    after = browser.post(link(ada, DAILY), follow=True)
    assert "Stopped: Your daily mail" in after.content.decode()
    assert modes(ada) == USUAL | {"nudges": "never", "cohort": "never"}
    browser.post(link(ada, DAILY), {"again": "yes", "nudges": "daily", "cohort": "daily"})
    assert modes(ada) == USUAL | {"nudges": "daily", "cohort": "daily"}


def test_the_page_names_nobody(ada: Any) -> None:
    text = Client().get(link(ada)).content.decode()
    assert (ada.name in text, ada.email in text) == (False, False)


def test_a_token_says_nothing_and_is_always_the_same(ada: Any) -> None:
    tokens = {token(ada.pk, group) for group in CHOSEN_BY_MODE for _ in range(2)}
    assert len(tokens) == len(CHOSEN_BY_MODE)
    assert not any(group in each for each in tokens for group in GROUPS)


@pytest.mark.parametrize(
    "change",
    [lambda t: t[:-2], lambda t: ("B" if t[0] == "A" else "A") + t[1:], lambda t: t + "AA", lambda t: "é", str.lower],
)
def test_a_token_that_was_changed_opens_nothing(ada: Any, change: Callable[[str], str]) -> None:
    assert stop_of(change(token(ada.pk, NUDGES))) is None


@pytest.mark.parametrize("group", [ACCESS, CHANGES, "unknown"])
def test_nothing_essential_is_stopped(ada: Any, group: str) -> None:
    assert Client().post(link(ada, group), ONE_CLICK).status_code == 404


def test_a_new_secret_still_opens_old_links_while_the_old_one_is_kept(ada: Any, settings: Any) -> None:
    old, former = token(ada.pk, NUDGES), settings.SECRET_KEY
    settings.SECRET_KEY = "another secret, long enough to be one, 0123456789"
    assert stop_of(old) is None
    settings.SECRET_KEY_FALLBACKS = [former]
    assert stop_of(old) is not None


# --- What stands in the mail


def sent(sink: Sink, posted: Callable[..., Message], **fields: Any) -> Any:
    posted(**fields)
    drain(at=NINE)
    return sink.taken[-1].mail


def written(message: Message) -> Letter:
    return letter("buddy_pauses", {"person": message.recipient, "buddy": "Ben"})


def test_what_can_be_stopped_says_how_in_its_head_and_at_its_foot(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message], ada: Any, settings: Any
) -> None:
    settings.BASE_URL = "https://a-rather-long-name-for-a-host.people-and-culture.example.org"
    register(written, group=SESSIONS)
    mail = sent(sink, posted)
    url = settings.BASE_URL + link(ada, SESSIONS)
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (f"<{url}>", "List-Unsubscribe=One-Click")
    assert f"List-Unsubscribe: <{url}>\r\n".encode() in sink.taken[-1].content
    for part in ("plain", "html"):
        text = words(mail.get_body((part,)))
        assert url in text
        assert f"{settings.BASE_URL}/me/messages/" in text
        assert "You get this because somebody arranges a session with you." in text


def test_what_is_essential_says_why_and_has_no_such_link(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register(written, group=CHANGES)
    mail = sent(sink, posted)
    assert mail["List-Unsubscribe"] is None
    text = words(mail.get_body(("plain",)))
    assert "It cannot be switched off: otherwise you would stand before a closed door." in text
    assert "/mail/stop/" not in text


def test_somebody_who_is_no_person_here_has_nothing_to_choose(
    sink: Sink, register: Callable[..., Kind], posted: Callable[..., Message]
) -> None:
    register(written, group=NUDGES)
    mail = sent(sink, posted, to=None, address="new@example.org")
    assert mail["List-Unsubscribe"] is None
    assert "You get this" not in words(mail.get_body(("plain",)))
