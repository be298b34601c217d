"""What people wrote in a cohort is announced, then erased; what goes on privately is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from buddying import retention
from buddying.models import Cohort, ContentEnd, Participant, Person, Programme
from insights.progress import progress_of
from matching.models import Pairing
from outbox import delivery
from outbox.models import Message
from reflection.models import Agreement
from sessions_log.models import CoachingSession, PrivateNote, SharedNote, Usefulness
from tests.outbox.conftest import sink
from tests.trust.conftest import data_folder, world
from tests.trust.everything import World, encrypted_fields
from trust import holdings
from trust.models import DataKey, forget_keys

__all__ = ["data_folder", "sink", "world"]

# Not of the cohort, talked about lately, or forgotten after a month of its own.
KEPT = {"ImportDraft", "HelpMessage", "BusyCalendar", "UnsentText"}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def ended(world: World) -> World:
    """It ended 76 days ago: in two weeks it is 90."""
    ends = world.at.date() - timedelta(days=76)
    days = {"sign_up_opens_on": 140, "nominations_close_on": 120, "pairs_published_on": 110, "starts_on": 100}
    dates = {name: ends - timedelta(days=ago) for name, ago in days.items()}
    Cohort.objects.filter(pk=world.cohort.pk).update(ends_on=ends, time_zone="UTC", **dates)
    world.cohort.refresh_from_db()
    return world


def due(world: World) -> date:
    return world.cohort.ends_on + timedelta(days=90)


def texts() -> set[str]:
    rows = ((field, row) for field in encrypted_fields() for row in field.model._base_manager.all())
    return {field.model.__name__ for field, row in rows if getattr(row, field.name)}


def test_it_is_announced_two_weeks_before_and_then_done(ended: World) -> None:
    eve_of_it = noon(due(ended) - timedelta(days=15))
    retention.see_to_it(eve_of_it)
    assert not ContentEnd.objects.exists()
    retention.see_to_it(eve_of_it + timedelta(days=1))
    retention.see_to_it(eve_of_it + timedelta(days=1, hours=1))
    assert ContentEnd.objects.get().ends_on == due(ended)
    told = Message.objects.filter(kind="content_ends").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Ada", "Ben", "Cleo"]
    before = texts()
    retention.see_to_it(noon(due(ended) - timedelta(days=1)))
    assert texts() == before
    retention.see_to_it(noon(due(ended)))
    retention.see_to_it(noon(due(ended) + timedelta(days=1)))
    forget_keys()
    assert texts() == KEPT
    assert ContentEnd.objects.get().erased_at == noon(due(ended))
    assert Message.objects.filter(kind="content_ends").count() == 3


def test_what_the_table_says_goes_with_the_content_is_gone(ended: World) -> None:
    erase(ended)
    going = [one for one in holdings.all_holdings() if one.content_of and not one.ends_blank]
    assert [one.model for one in going if one.rows_of(ended.ada).exists()] == []
    profile = Participant.objects.get(person=ended.ada)
    assert (profile.working_on, profile.wants, profile.reference) == ("", [], "")


def erase(world: World) -> None:
    at = noon(due(world))
    retention.see_to_it(at - retention.NOTICE)
    retention.see_to_it(at)
    forget_keys()


def test_counts_stay(ended: World) -> None:
    figures = progress_of([ended.cohort], timezone.now())
    erase(ended)
    assert progress_of([ended.cohort], timezone.now()) == figures
    assert (CoachingSession.objects.held().count(), Usefulness.objects.count()) == (1, 1)


def test_the_keys_of_pairings_are_destroyed(ended: World) -> None:
    erase(ended)
    keys = DataKey.objects.filter(owner_kind="pairing", owner_id=ended.pairing.pk)
    assert [bool(key.destroyed_at) for key in keys] == [True]


def test_pages_of_the_pair_still_open(ended: World, as_: Callable[..., Client]) -> None:
    erase(ended)
    browser = as_(ended.ada)
    session = CoachingSession.objects.get()
    pairing = ended.pairing.pk
    for url in (
        f"/pairings/{pairing}/",
        f"/sessions/{session.pk}/",
        f"/pairings/{pairing}/agreement/",
        "/privacy/data/",
    ):
        assert browser.get(url).status_code == 200, url
    assert "were erased on" in browser.get(f"/pairings/{pairing}/").content.decode()


def test_a_pair_that_goes_on_privately_keeps_its_own(ended: World) -> None:
    Pairing.objects.update(continues_at=noon(ended.cohort.ends_on))
    erase(ended)
    assert {"PrivateNote", "SharedNote", "Agreement", "Commitment", "Goals"} <= texts()
    assert Participant.objects.get(person=ended.ada).working_on
    assert Participant.objects.get(person=ended.cleo).working_on == ""


def test_and_once_it_has_ended_it_is_erased_as_long_after(ended: World) -> None:
    Pairing.objects.update(continues_at=noon(ended.cohort.ends_on))
    erase(ended)
    closed = noon(due(ended) + timedelta(days=10))
    ended.pairing.close(at=closed)
    retention.see_to_it(closed + timedelta(days=89))
    assert PrivateNote.objects.exists()
    retention.see_to_it(closed + timedelta(days=91))
    forget_keys()
    assert not (PrivateNote.objects.exists() or SharedNote.objects.exists())
    assert Agreement.objects.get().text == ""


def test_what_was_announced_is_never_brought_forward(ended: World) -> None:
    at = noon(due(ended) - timedelta(days=40))
    Programme.objects.update(content_days=30)  # overdue at once
    retention.see_to_it(at)
    assert ContentEnd.objects.get().ends_on == at.date() + timedelta(days=14)
    retention.see_to_it(at + timedelta(days=13))
    assert PrivateNote.objects.exists()
    retention.see_to_it(at + timedelta(days=14))
    assert not PrivateNote.objects.exists()


def test_a_programme_that_keeps_longer_takes_it_back(ended: World, sink: Any) -> None:
    at = noon(due(ended) - timedelta(days=10))
    retention.see_to_it(at)
    Programme.objects.update(content_days=200)
    retention.see_to_it(at + timedelta(days=1))
    assert not ContentEnd.objects.exists()
    Message.objects.filter(kind="content_ends").update(next_try_at=at, due_at=at)
    delivery.drain(at=at + timedelta(days=1))
    assert sink.taken == []
    retention.see_to_it(noon(due(ended)))
    assert PrivateNote.objects.exists()


def test_people_read_it_on_their_pages(ended: World, as_: Callable[..., Client]) -> None:
    retention.see_to_it(noon(due(ended) - timedelta(days=14)))
    day = f"{due(ended):%-d %B %Y}"
    for url in ("/", "/privacy/data/", f"/pairings/{ended.pairing.pk}/"):
        assert day in as_(ended.ada).get(url).content.decode(), url


@pytest.mark.parametrize(
    ("days", "trail", "status"),
    [
        ("30", "90", 302),
        ("730", "1095", 302),
        ("29", "365", 422),
        ("731", "365", 422),
        ("90", "89", 422),
        ("90", "1096", 422),
    ],
)
def test_a_lead_chooses_within_bounds(
    cohort: Cohort, dora: Person, as_: Callable[..., Client], days: str, trail: str, status: int
) -> None:
    url = f"/programmes/{cohort.programme_id}/keeping/"
    answer = as_(dora).post(url, {"content_days": days, "trail_days": trail})
    assert answer.status_code == status
    kept = Programme.objects.values_list("content_days", "trail_days").get()
    assert kept == ((int(days), int(trail)) if status == 302 else (90, 365))


def test_it_is_late_for_nobody(ended: World) -> None:
    """The reconciler stood still for a year: people still get their two weeks."""
    at = timezone.now() + timedelta(days=365)
    retention.announce_what_is_near(at)
    retention.erase_what_is_due(at)
    assert ContentEnd.objects.get().ends_on == at.date() + timedelta(days=14)
    assert PrivateNote.objects.exists()
