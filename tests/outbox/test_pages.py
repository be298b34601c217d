"""What a person chooses, what was sent to them, and the banner when mail comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from outbox import digests, history
from outbox.groups import CHOSEN_BY_MODE, GROUPS, NUDGES
from outbox.kinds import Kind
from outbox.models import AddressFailure, MailChoices, Message
from outbox.posting import post

pytestmark = pytest.mark.django_db

URL = "/me/messages/"
USUAL = dict.fromkeys(CHOSEN_BY_MODE, "at once") | {"reminders": "both", "digest_at": "08:00"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def browser(ada: Any) -> Client:
    browser = Client()
    browser.force_login(ada)
    return browser


def chosen(ada: Any) -> dict[str, Any]:
    return MailChoices.objects.filter(person=ada).values().get()


def test_looking_writes_nothing(browser: Client) -> None:
    page = browser.get(URL).content.decode()
    assert [group.label for group in GROUPS.values() if group.always and str(group.always) not in page] == []
    assert "What you choose here: only you" in page
    assert MailChoices.objects.count() == 0


def test_what_is_chosen_is_kept(browser: Client, ada: Any, ben: Any) -> None:
    later = timezone.localdate() + 20 * DAY
    data = USUAL | {"nudges": "daily", "cohort": "never", "reminders": "hour", "digest_at": "18:30",
                    "has_quiet_hours": "on", "quiet_from": "22:00", "quiet_until": "06:00",
                    "paused_until": later.isoformat()}  # fmt: skip
    assert browser.post(URL, data).status_code == 302
    assert chosen(ada) == {
        "person_id": ada.pk, "sessions": "at once", "nudges": "daily", "reflection": "at once", "cohort": "never",
        "reminders": "hour", "digest_at": time(18, 30), "quiet_from": time(22), "quiet_until": time(6),
        "paused_until": later,
    }  # fmt: skip
    assert MailChoices.objects.filter(person=ben).count() == 0


def test_without_the_tick_there_are_no_quiet_hours_whatever_the_times_say(browser: Client, ada: Any) -> None:
    browser.post(URL, USUAL | {"quiet_from": "22:00", "quiet_until": ""})
    assert (chosen(ada)["quiet_from"], chosen(ada)["quiet_until"]) == (None, None)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"nudges": "weekly"}, "Select a valid choice"),
        ({"has_quiet_hours": "on", "quiet_from": "22:00"}, "Say from when until when."),
        ({"has_quiet_hours": "on", "quiet_from": "22:00", "quiet_until": "22:00"}, "Choose another time"),
        ({"paused_until": "2020-01-01"}, "Choose a day to come"),
        ({"digest_at": ""}, "This field is required"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(browser: Client, data: dict[str, str], complaint: str) -> None:
    answer = browser.post(URL, USUAL | {"cohort": "never"} | data)
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert answer.context["form"]["cohort"].value() == "never"
    assert MailChoices.objects.count() == 0


def test_a_pause_that_is_over_is_no_mistake(browser: Client, ada: Any) -> None:
    past = timezone.localdate() - DAY
    MailChoices.objects.create(person=ada, paused_until=past)
    assert browser.post(URL, USUAL | {"paused_until": past.isoformat()}).status_code == 302
    assert chosen(ada)["paused_until"] is None


# --- What was sent


@pytest.fixture
def mails(register: Callable[..., Kind], ada: Any, ben: Any) -> None:
    register(group=NUDGES)
    digests.register_kind()
    now = timezone.now()
    ends: dict[str, dict[str, Any]] = {
        "sent": {"sent_at": now - 1 * HOUR, "dated_at": now},
        "back": {"sent_at": now - 2 * HOUR, "dated_at": now, "bounced_at": now},
        "failed": {"failed_at": now - 3 * HOUR},
        "off": {"dropped_at": now - 4 * HOUR, "drop_reason": "switched off"},
        "paused": {"dropped_at": now - 5 * HOUR, "drop_reason": "mail paused"},
        "withdrawn": {"dropped_at": now, "drop_reason": "withdrawn"},
        "to come": {},
    }
    for key, fields in ends.items():
        post("reminder", key=key, to=ada)
        Message.objects.filter(key=key).update(**fields)
    post("reminder", key="ben", to=ben)
    Message.objects.filter(key="ben").update(sent_at=now, dated_at=now)
    post("digest", key="digest", to=ada)
    digest = Message.objects.get(key="digest")
    for key, fields in (("waits", {}), ("came", {"sent_at": now - 6 * HOUR, "dated_at": now})):
        post("reminder", key=key, to=ada, due_at=now - 7 * HOUR)
        Message.objects.filter(key=key).update(digest=digest, **fields)


def test_everything_that_was_sent_or_held_back_and_nothing_of_what_is_to_come(mails: None, ada: Any) -> None:
    assert [history.entry(message).state for message in history.told(ada)] == [
        "Sent",
        "Came back: it was not delivered",
        "Could not be delivered",
        "Not sent: you have switched these off",
        "Not sent: you wanted no mail at that time",
        "Sent in your daily mail",
        "Waits for your daily mail",
    ]


def test_the_list_in_pages(browser: Client, mails: None, ada: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("outbox.views.choices.A_PAGE", 4)
    first, second = (browser.get(f"{URL}sent/?page={n}").content.decode() for n in (1, 2))
    assert (first.count("Reminder"), second.count("Reminder")) == (4, 3)


def test_the_list_takes_as_many_queries_however_long(
    browser: Client, register: Callable[..., Kind], ada: Any, django_assert_max_num_queries: Any
) -> None:
    register()
    now = timezone.now()
    for size in (1, 3):
        for n in range(size):
            post("reminder", key=f"{size}{n}", to=ada)
        Message.objects.update(sent_at=now, dated_at=now)
        with django_assert_max_num_queries(8):
            browser.get(f"{URL}sent/")


# --- Mail that comes back


@pytest.fixture
def failing(ada: Any) -> AddressFailure:
    return AddressFailure.objects.create(address=ada.email, reason="unknown", source="reported")


@pytest.mark.parametrize("page", ["/", URL])
def test_the_person_reads_that_mail_came_back_and_says_that_the_address_works(
    browser: Client, failing: AddressFailure, page: str
) -> None:
    assert "Mail to you came back" in browser.get(page).content.decode()
    browser.post(f"{URL}address/")
    assert "Mail to you came back" not in browser.get(page).content.decode()


def test_nobody_else_reads_it(ben: Any, failing: AddressFailure) -> None:
    browser = Client()
    browser.force_login(ben)
    assert "Mail to you came back" not in browser.get("/").content.decode()
    browser.post(f"{URL}address/")
    assert AddressFailure.objects.count() == 1


def test_administrators_see_how_mail_is_doing_without_names(mails: None, ada: Any, as_: Any) -> None:
    from buddying.models import RoleGrant

    RoleGrant.objects.create(person=ada, role=RoleGrant.ADMINISTRATOR)
    page = as_(ada).get("/overview/mail/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Ben" not in text
    assert "ben@example.org" not in text
