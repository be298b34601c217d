"""Another buddy is asked for and found. Whoever asked, everybody else sees the same: on every page, in every mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from matching.models import MatchRun, Pairing
from matching.publishing import publish
from matching.running import execute, request_run
from reflection import agreeing
from reflection.models import FitCheck
from sessions_log.booking import book
from sessions_log.logs import Log, log
from sessions_log.models import CoachingSession
from tests.reflection.watching import Pages, another_world, mails, pages

As = Callable[[Person | None], Client]
DAY = timedelta(days=1)
IN_CONFIDENCE = re.compile(r"Dora, \w+: (/|/cohorts/\d+/|/help/|/help/conversations/\d+/(closure/)?)$")


class Seen(NamedTuple):
    pages: Pages
    mails: list[tuple[object, ...]]


@pytest.fixture
def lea(cohort: Cohort, make_person: Callable[..., Person], dora: Person) -> Person:
    """Leads beside Dora."""
    lea = make_person("Lea")
    cohort.programme.add_lead(lea, added_by=dora)
    return lea


@pytest.fixture
def everybody(
    participants: dict[str, Participant],
    cohort: Cohort,
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
    office_hours: Callable[..., None],
) -> dict[str, Participant]:
    """Ada and Ben are a pair and so are Cleo and Fred; Gus waits. Cleo and Fred look on."""
    more = {name: take_part(make_person(name), cohort) for name in ("Fred", "Gus", "Hana")}
    make_pairing(participants["Cleo"], more["Fred"])
    office_hours(*(one.person for one in (participants | more).values()))
    return participants | more


@pytest.fixture
def pairing(as_: As, everybody: dict[str, Participant], make_pairing: Callable[..., Pairing]) -> Pairing:
    """Signed; they have met once, and two sessions are booked. Everybody has been here before."""
    for one in everybody.values():
        as_(one.person)
    pairing = make_pairing(everybody["Ada"], everybody["Ben"])
    agreeing.draft_for(pairing, timezone.now())
    agreement = pairing.agreements.get()
    for person in pairing.people():
        agreeing.sign(pairing, agreement, by=person, read_at=agreement.written_at)
    held = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() - 2 * DAY)
    for person in pairing.people():
        log(held, person, Log("held", coachees=pairing.people()))
    for days in (3, 10):
        book(pairing, _at_ten(days), 60, "Room 4", by=pairing.people()[0])
    return pairing


def _at_ten(days: int) -> datetime:
    return (timezone.now() + days * DAY).replace(hour=10, minute=0, second=0, microsecond=0)


def asks(as_: As, asker: Person, pairing: Pairing, lead: Person, *, quietly: bool = False) -> None:
    """The whole way: says that it is no good fit, reads what can be done, writes to one lead, asks for another."""
    client = as_(asker)
    if not quietly:
        check = FitCheck.objects.get(pairing=pairing, person=asker)
        options = client.post(f"/fit-checks/{check.pk}/", {"answer": FitCheck.NOT_GOOD})["Location"]
        assert options == f"/pairings/{pairing.pk}/not-a-good-fit/"
        for address in (options, f"/pairings/{pairing.pk}/talk-guide/", "/help/"):
            assert client.get(address).status_code == 200
        client.post(f"/help/leads/{lead.pk}/", {"text": "It is no good, and I cannot say so."})
    asking = f"/pairings/{pairing.pk}/another-buddy/"
    assert client.get(asking).status_code == 200
    assert client.post(asking, follow=True).status_code == 200
    pairing.refresh_from_db()
    assert pairing.closed_at


def finds_new_buddies(cohort: Cohort, lead: Person) -> None:
    run: MatchRun = request_run(cohort, by=lead)
    execute(run.pk)
    run.refresh_from_db()
    publish(run, by=lead)


@pytest.fixture
def seen_by(
    as_: As, cohort: Cohort, pairing: Pairing, dora: Person, lea: Person, olga: Person, max_: Person
) -> Callable[..., dict[str, Seen]]:
    """What each of ``watchers`` sees once ``asker`` has asked, and once another buddy is found for both."""

    def seen_by(watchers: list[Person], asker: Person, *, quietly: bool = False) -> dict[str, Seen]:
        seen: dict[str, Seen] = {}
        with another_world():
            asks(as_, asker, pairing, dora, quietly=quietly)
            for moment, happens in (("asked", None), ("found", finds_new_buddies)):
                if happens:
                    happens(cohort, lea)
                for watcher in watchers:
                    seen[f"{watcher.name}, {moment}"] = Seen(pages(as_(watcher)), mails(watcher))
            assert Pairing.objects.live().filter(members__participant__person=asker).exists()
        pairing.refresh_from_db()
        return seen

    return seen_by


def differences(one: dict[str, Seen], other: dict[str, Seen]) -> list[str]:
    """Who would see something else, and where."""
    assert set(one) == set(other)
    found = []
    for who, (here, told) in one.items():
        there, told_there = other[who]
        addresses = sorted(set(here) | set(there))
        found += [f"{who}: {address}" for address in addresses if here.get(address) != there.get(address)]
        found += [f"{who}: a mail"] if told != told_there else []
    return found


def test_fellows_leads_and_administrators_see_the_same_whoever_asked(
    seen_by: Callable[..., dict[str, Seen]], everybody: dict[str, Participant], lea: Person, olga: Person, max_: Person
) -> None:
    ada, ben = everybody["Ada"].person, everybody["Ben"].person
    watchers = [everybody[name].person for name in ("Cleo", "Fred", "Gus")] + [lea, olga, max_]
    with time_machine.travel(timezone.now(), tick=False):
        first, second = seen_by(watchers, ada), seen_by(watchers, ben)
    assert differences(first, second) == []
    assert any("pairings" in address for address in first["Lea, asked"].pages)
    assert sum(len(seen.pages) for seen in first.values()) > 100


@pytest.mark.parametrize("name", ["Ada", "Ben"])
def test_the_buddy_sees_the_same_as_if_they_had_asked_themselves(
    seen_by: Callable[..., dict[str, Seen]], everybody: dict[str, Participant], name: str
) -> None:
    """``name`` asks, after a word in confidence; or the other does, and says nothing. It does not show which."""
    asker = everybody[name].person
    buddy = everybody["Ben" if name == "Ada" else "Ada"].person
    with time_machine.travel(timezone.now(), tick=False):
        told, quiet = seen_by([buddy], asker), seen_by([buddy], buddy, quietly=True)
    assert differences(told, quiet) == []
    letters = [mail[0] for mail in told[f"{buddy.name}, found"].mails]
    assert letters.count("pairing_ended") == 1
    assert letters.count("session_cancelled") == 2


def test_the_lead_who_was_written_to_learns_of_the_words_alone(
    seen_by: Callable[..., dict[str, Seen]], everybody: dict[str, Participant], dora: Person
) -> None:
    ada, ben = everybody["Ada"].person, everybody["Ben"].person
    with time_machine.travel(timezone.now(), tick=False):
        first, second = seen_by([dora], ada), seen_by([dora], ben)
    assert [one for one in differences(first, second) if not IN_CONFIDENCE.match(one)] == []
