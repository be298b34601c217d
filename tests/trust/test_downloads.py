"""Everything about a person in one file, made in the background, for that person, for a day."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from buddying import joining
from buddying.models import Person
from equipping.models import Practice, PracticeGroup
from matching.models import Pairing
from outbox import reconciling
from reflection.models import Agreement, SharedAnswer, Thanks
from sessions_log.models import CoachingSession, Commitment, Proposal, SharedNote, Word
from tests.trust.everything import World, encrypted_fields, mark
from tests.trust.test_erasing import has_just_logged_in
from trust import downloads, erasing, holdings
from trust.acting import Purpose, acting_as, acting_as_system, acting_for_download
from trust.keys import CannotRead
from trust.models import LEASE, DataKey, Download, forget_keys

HOME = "/privacy/data/"


def made(person: Person) -> zipfile.ZipFile:
    Download.objects.all().delete()
    download = downloads.ask(person)
    downloads.make(download.pk)
    return zipfile.ZipFile(io.BytesIO(Download.objects.get(pk=download.pk).opened()))


def data_of(person: Person) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(made(person).read(downloads.DATA))
    return content


def test_it_holds_every_line_of_the_table_and_every_text_she_wrote(world: World) -> None:
    content = data_of(world.ada)
    lines = holdings.joined(holdings.all_holdings())
    assert [section["what"] for section in content["sections"]] == list(lines)
    assert [section["what"] for section in content["sections"] if not section["rows"]] == []
    text = json.dumps(content)
    assert [name for field in encrypted_fields() if (name := mark(field.model, field.name)) not in text] == []


def test_the_page_in_it_reads_the_same(world: World) -> None:
    file = made(world.ada)
    page = file.read(downloads.READ_ME).decode()
    assert sorted(file.namelist()) == [downloads.READ_ME, downloads.DATA]
    assert [name for field in encrypted_fields() if (name := mark(field.model, field.name)) not in page] == []
    assert "<script" not in page
    assert "Europe/London" in page


def test_the_page_is_in_her_language_and_the_data_has_the_same_names_for_everybody(world: World) -> None:
    named = [(section["what"], section["who_can_see_it"]) for section in data_of(world.ada)["sections"]]
    world.ada.language = "de"
    world.ada.save(update_fields=["language"])
    file = made(world.ada)
    assert '<html lang="de">' in file.read(downloads.READ_ME).decode()
    sections = json.loads(file.read(downloads.DATA))["sections"]
    assert [(section["what"], section["who_can_see_it"]) for section in sections] == named


def test_others_find_nothing_of_hers_in_theirs_but_what_they_see_anyway(world: World) -> None:
    """The agreement and where they met are the pair's."""
    marked = {mark(field.model, field.name) for field in encrypted_fields()}
    of_the_pair = {mark(type(world.pairing), "x")} & set()
    for person, seen in (
        (world.ben, {"MarkedAgreementTextWords"}),
        (world.cleo, of_the_pair),
        (world.dora, of_the_pair),
    ):
        text = json.dumps(data_of(person))
        assert {word for word in marked if word in text} == seen
        assert "MarkedParticipant" not in text


@pytest.fixture
def left(world: World) -> World:
    """Cleo has joined them, and Ada has left: it goes on as a pair, without her."""
    world.pairing.members.create(participant=world.participant(world.cleo), joined_at=world.pairing.opened_at)
    Practice.objects.update(starts_at=world.at - timedelta(days=50))
    PracticeGroup.objects.update(finished_at=world.at - timedelta(days=50))
    joining.leave(world.participant(world.ada))
    assert not Pairing.objects.visible_to(world.ada).exists()
    return world


def test_what_she_wrote_in_a_pairing_that_she_has_left_is_in_it(left: World) -> None:
    content = data_of(left.ada)
    assert [section["what"] for section in content["sections"] if not section["rows"]] == []
    text = json.dumps(content)
    assert [name for field in encrypted_fields() if (name := mark(field.model, field.name)) not in text] == []
    assert mark(CoachingSession, "place") in text


def test_and_nothing_of_what_the_others_did_since_or_wrote_before(left: World) -> None:
    """Nor when a session is that she had booked and that they have moved since."""
    later, was, to = left.at + timedelta(days=9), "Then and there", "Somewhere else"
    session = CoachingSession.objects.create(pairing=left.pairing, starts_at=later, place=to)
    CoachingSession.objects.filter(pk=session.pk).update(arranged_at=timezone.now() + timedelta(hours=1))
    shared = {"session": session, "pairing": left.pairing}
    Word.objects.create(**shared, author=left.ada, occasion="booked", text=was)
    for author in (left.ben, left.cleo):
        SharedNote.objects.create(**shared, author=author, text="Theirs alone")
        Commitment.objects.create(**shared, author=author, text="Theirs alone")
    Agreement.objects.create(pairing=left.pairing, version=2, text="Theirs alone")
    text = json.dumps(data_of(left.ada))
    assert [word for word in (to, was, "Theirs alone", later.strftime("%Y-%m-%dT%H:%M")) if word in text] == []


def test_no_page_of_hers_shows_it_and_the_database_only_while_a_download_is_made(left: World) -> None:
    tables: list[Any] = [SharedNote, Commitment, Word, Proposal, Thanks, SharedAnswer, Agreement]
    forget_keys()
    with acting_as(left.ada):
        assert [model for model in tables if model._base_manager.exists()] == []
        assert not DataKey.objects.filter(owner_kind="pairing").exists()
    with acting_for_download(left.ada):
        assert [model for model in tables if not model._base_manager.exists()] == []
    for stranger in (left.dora, Person.objects.get(name="Max")):
        with acting_for_download(stranger):
            assert [model for model in tables if model._base_manager.exists()] == []
            assert not DataKey.objects.filter(owner_kind="pairing").exists()


def test_a_group_that_is_only_proposed_is_in_nobodys(world: World) -> None:
    Practice.objects.update(published_at=None)
    sections = {section["what"]: section["rows"] for section in data_of(world.ada)["sections"]}
    assert sections["With whom you practise, and which round you are in"] == []


def test_nobody_sees_somebody_elses_download_and_a_worker_only_that_it_is_asked_for(world: World) -> None:
    """As if a view had forgotten to ask whose it is."""
    mine = Download.objects.get(person=world.ada)
    theirs = downloads.ask(world.ben)
    for person, seen in ((world.ada, [mine]), (world.ben, [theirs]), (world.dora, [])):
        with acting_as(person):
            assert list(Download.objects.all()) == seen
            assert Download.objects.exclude(person=person).update(failed_at=world.at) == 0
    with acting_as(None):
        assert not Download.objects.exists()
        downloads.make(mine.pk)
    with acting_as(world.dora), pytest.raises(DatabaseError), transaction.atomic():
        Download.objects.create(person=world.ben, failed_at=world.at)
    row = Download.objects.get(pk=mine.pk)
    assert row.is_ready()
    with acting_as_system(Purpose.DOWNLOADING):
        assert set(Download.objects.all()) == {mine, theirs}
        forget_keys()
        with pytest.raises(CannotRead):
            Download.objects.get(pk=mine.pk).opened()


def test_nobody_learns_from_it_who_named_or_refused_them(world: World) -> None:
    """Ada named Cleo first and refused her; Cleo the same."""
    sections = {section["what"]: section["rows"] for section in data_of(world.cleo)["sections"]}
    assert [row["Whom"] for row in sections["Whom you name as a wished-for buddy"]] == ["Ada"]
    assert [row["Whom"] for row in sections["Whom you would rather not be paired with"]] == ["Ada"]
    assert sections["Your private notes"] == []


def test_a_row_says_how_far_it_is_and_nothing_is_left_half_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    Download.objects.all().delete()
    download, seen = downloads.ask(world.ada), []
    gather = downloads.gather

    def watched(*args: Any) -> Any:
        row = Download.objects.get(pk=download.pk)
        seen.append((row.done, row.total, row.content, row.is_ready()))
        if len(seen) == 5:
            raise RuntimeError("the machine is in trouble")
        return gather(*args)

    monkeypatch.setattr(downloads, "gather", watched)
    downloads.make(download.pk)
    total = len(holdings.joined(holdings.all_holdings()))
    assert seen == [(done, total, None, False) for done in range(5)]
    row = Download.objects.get(pk=download.pk)
    assert (bool(row.failed_at), row.content, row.expires_at) == (True, None, None)
    assert downloads.ask(world.ada) != download


def test_a_killed_workers_is_taken_up_by_the_next_and_given_up_after_three(world: World) -> None:
    Download.objects.all().delete()
    download, at = downloads.ask(world.ada), timezone.now()
    for claims in (1, 2):
        Download.objects.update(claimed_at=at - LEASE - timedelta(seconds=1), claims=claims)
        assert list(Download.objects.claimable(at)) == [download]
    Download.objects.update(claims=3)
    assert list(Download.objects.claimable(at)) == []
    downloads.clear(at)
    assert Download.objects.get().failed_at == at


def test_two_workers_make_one(world: World) -> None:
    Download.objects.all().delete()
    download = downloads.ask(world.ada)
    assert downloads.ask(world.ada) == download
    at = timezone.now()
    downloads.make(download.pk, at)
    downloads.make(download.pk, at + timedelta(minutes=1))
    assert Download.objects.get().finished_at == at


def test_it_is_sealed_with_her_key_and_goes_with_it(world: World) -> None:
    Download.objects.all().delete()
    download = downloads.ask(world.ada)
    downloads.make(download.pk)
    row = Download.objects.get()
    assert b"PK" not in bytes(row.content or b"")[:40]
    other = Download(pk=row.pk, person=world.ben, content=row.content)
    with pytest.raises(CannotRead):
        other.opened()
    erasing.destroy_keys("person", [world.ada.pk], world.at)
    forget_keys()
    with pytest.raises(CannotRead):
        row.opened()


def test_downloads_are_asked_for_a_few_times_a_day(ada: Person, as_: Callable[..., Client]) -> None:
    browser = as_(ada)
    for number in range(1, 6):
        browser.post(f"{HOME}downloads/")
        Download.objects.update(failed_at=timezone.now())
        assert Download.objects.count() == number
    page = browser.post(f"{HOME}downloads/", follow=True).content.decode()
    assert "You can ask again in a day at the latest" in page
    assert Download.objects.count() == 5


def test_the_whole_way_for_a_day_and_only_after_logging_in_again(world: World, as_: Callable[..., Client]) -> None:
    Download.objects.all().delete()
    browser = as_(world.ada)
    assert "Make a download" in browser.get(HOME).content.decode()
    browser.post(f"{HOME}downloads/")
    download = Download.objects.get()
    assert "Gathering what is yours" in browser.get(HOME).content.decode()
    assert (
        "Gathering" in browser.get(f"{HOME}downloads/{download.pk}/", headers={"HX-Request": "true"}).content.decode()
    )
    downloads.make(download.pk)
    file = f"{HOME}downloads/{download.pk}/file/"
    assert file in browser.get(HOME).content.decode()
    assert browser.get(file).headers["Location"].startswith("/accounts/login/again/")
    has_just_logged_in(browser, world.ada)
    answer = browser.get(file)
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    assert "no-store" in answer.headers["Cache-Control"]
    assert has_just_logged_in(as_(world.ben), world.ben).get(file).status_code == 404
    Download.objects.update(expires_at=timezone.now())
    assert browser.get(file).status_code == 404
    assert reconciling.run_all()
    assert not Download.objects.exists()


def test_a_log_in_of_an_hour_ago_is_not_enough(world: World, as_: Callable[..., Client]) -> None:
    browser = has_just_logged_in(as_(world.ada), world.ada)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "code", "at": timezone.now().timestamp() - 901}]
    session.save()
    assert browser.get(f"{HOME}erasure/").headers["Location"].startswith("/accounts/login/again/")
