"""Who reads German gets mails, calendar entries and feeds in German, whoever else takes part."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format
from icalendar import Calendar

from buddying.letters import ERASED
from buddying.models import Person
from matching.models import Pairing
from outbox import delivery
from outbox.models import Message
from sessions_log.booking import book
from sessions_log.models import WALK, CoachingSession, OwnCalendar
from tests.in_german import in_german
from trust.erasing import erase

GERMAN = {
    "Buddying session": "Buddying-Treffen",
    "A walk: %(place)s": "Spaziergang: %(place)s",
    "A walk": "Spaziergang",
    "Session with %(buddies)s: %(when)s": "Treffen mit %(buddies)s: %(when)s",
    "Cancelled: session with %(buddies)s, %(when)s": "Abgesagt: Treffen mit %(buddies)s, %(when)s",
    "No longer in your calendar: session %(when)s": "Nicht mehr in deinem Kalender: Treffen am %(when)s",
}


@pytest.fixture(autouse=True)
def german(settings: Any, tmp_path: Path, ben: Person) -> None:
    in_german(GERMAN, settings, tmp_path)
    Person.objects.filter(pk=ben.pk).update(language="de", time_zone="Asia/Tokyo")


@pytest.fixture
def walk(pairing: Pairing, ada: Person, now: datetime) -> CoachingSession:
    return book(pairing, now + timedelta(days=3), 60, "the gate", by=ada, at=now, how=WALK)


def reads(at: datetime, language: str, zone: str) -> str:
    with translation.override(language):
        return date_format(at.astimezone(ZoneInfo(zone)), "WEEKDAY_MOMENT_FORMAT")


def mails(kind: str, at: datetime) -> dict[str, Any]:
    """By whom they are for, as sent at the first try and at every later one."""
    found = {}
    for message in Message.objects.filter(kind=kind).select_related("recipient"):
        message.dated_at = at
        first, again = (delivery.write(message, at) for _ in range(2))
        assert isinstance(first, bytes) and first == again
        found[message.recipient.name] = message_from_bytes(first, policy=policy.default)
    return found


def entry(mail: Any) -> dict[str, str]:
    (part,) = (one for one in mail.walk() if one.get_content_type() == "text/calendar")
    (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
    return {name: str(event[name]) for name in ("summary", "location")}


def test_each_is_invited_in_their_own_language(walk: CoachingSession, ada: Person, now: datetime) -> None:
    sent = mails("session_booked", now)
    assert {name: mail["subject"] for name, mail in sent.items()} == {
        "Ada": f"Session with Ben: {reads(walk.starts_at, 'en-gb', ada.time_zone)}",
        "Ben": f"Treffen mit Ada: {reads(walk.starts_at, 'de', 'Asia/Tokyo')}",
    }
    assert {name: entry(mail) for name, mail in sent.items()} == {
        "Ada": {"summary": "Buddying session", "location": "A walk: the gate"},
        "Ben": {"summary": "Buddying-Treffen", "location": "Spaziergang: the gate"},
    }


def test_a_feed_is_in_its_owners_language_whoever_asks(walk: CoachingSession, ada: Person, ben: Person) -> None:
    said = {}
    for person in (ada, ben):
        person.refresh_from_db()
        url = f"/calendar/{OwnCalendar(person=person).make_address()}.ics"
        answer = Client().get(url, headers={"Accept-Language": "de" if person == ada else "en"})
        (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
        said[answer.headers["Content-Language"]] = (str(event["summary"]), str(event["location"]))
    assert said == {
        "en-gb": ("Buddying session", "A walk: the gate"),
        "de": ("Buddying-Treffen", "Spaziergang: the gate"),
    }


def test_the_last_mail_of_an_erased_account_too(walk: CoachingSession, ben: Person, now: datetime) -> None:
    Message.objects.filter(kind="session_booked", recipient=ben).update(sent_at=now, dated_at=now)
    ben.refresh_from_db()
    erase(ben)
    last = [delivery.write(message, timezone.now()) for message in Message.objects.filter(kind=ERASED)]
    subjects = {message_from_bytes(mail, policy=policy.default)["subject"] for mail in last if isinstance(mail, bytes)}
    assert f"Abgesagt: Treffen mit Ada, {reads(walk.starts_at, 'de', 'Asia/Tokyo')}" in subjects
