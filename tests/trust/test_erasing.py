"""Erasing an account: what goes, what stays without a name, who is told, and that no backup brings it back."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from buddying.letters import forget_addresses
from buddying.models import BrowserSession, Cohort, Invitation, Participant, Person, RoleGrant
from buddying.people import ensure_address
from buddying.tasks import sweep
from insights import collecting
from matching.models import MatchRun, Pairing, Waiting
from matching.running import execute, request_run
from outbox import delivery, posting
from outbox.models import AddressFailure, Message
from reflection.models import Agreement, FitCheck, HelpMessage, HelpThread
from sessions_log.booking import book
from sessions_log.models import CoachingSession, PrivateNote, SharedNote, Usefulness
from tests.trust.everything import World, encrypted_fields
from trust import erasing, holdings, tombstones
from trust.holdings import Fate
from trust.models import DataKey, Owner, forget_keys


def rows_with(word: str) -> list[str]:
    """Every column of every table of the database in which a word stands, as text."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type NOT IN ('bytea')"
        )
        for table, column in cursor.fetchall():
            asked = f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1'  # noqa: S608
            cursor.execute(asked, [f"%{word}%"])
            if cursor.fetchone():
                found.append(f"{table}.{column}")
    return sorted(found)


def with_a_name_of_her_own(ada: Person) -> None:
    """That is part of no other word, everywhere it could be kept."""
    ada.name, ada.team, ada.department, ada.place = "Zebedora Quux", "Quuxteam", "Quuxdepartment", "Quuxplace"
    Invitation.objects.filter(email=ada.email).update(email="Quux@example.org")
    AddressFailure.objects.filter(address=ada.email).update(address="quux@Example.org")
    ada.email = "quux@example.org"
    ada.save()
    ensure_address(ada)


def test_nothing_in_the_database_tells_who_it_was(world: World) -> None:
    with_a_name_of_her_own(world.ada)
    posting.post("invitation", key="invitation:1", address="quux@example.org")
    assert {"account_emailaddress.email", "buddying_person.name", "outbox_message.address"} <= set(rows_with("quux"))
    erasing.erase(world.ada)
    Message.objects.filter(kind="account_erased").update(sent_at=world.at, dated_at=world.at)
    forget_addresses()
    assert rows_with("quux") == []


def test_each_row_goes_or_stays_as_the_table_says(world: World) -> None:
    before = {one.model: one.rows_about(world.ada).count() for one in holdings.all_holdings()}
    erasing.erase(world.ada)
    left = {one.model: one.rows_about(world.ada).count() for one in holdings.all_holdings()}
    assert [model for model, number in before.items() if not number] == []
    wrong = [one.model for one in holdings.all_holdings() if (one.fate is Fate.GONE) != (left[one.model] == 0)]
    assert wrong == []


def test_no_text_of_hers_can_be_read_any_more(world: World) -> None:
    erasing.erase(world.ada)
    texts = {
        f"{row}: {getattr(row, field.name)}" for field in encrypted_fields() for row in field.model._base_manager.all()
    }
    assert [text for text in texts if "Marked" in text and "MarkedAgreement" not in text] == []
    assert [text for text in texts if "Ada" in text] == []
    assert not DataKey.objects.filter(owner_kind="person", owner_id=world.ada.pk, destroyed_at=None).exists()


def test_the_buddy_keeps_what_is_his(world: World) -> None:
    note = SharedNote.objects.create(
        session=CoachingSession.objects.get(), pairing=world.pairing, author=world.ben, text="His own words"
    )
    erasing.erase(world.ada)
    forget_keys()
    assert SharedNote.objects.get(pk=note.pk).text == "His own words"
    assert Agreement.objects.get().text.startswith("Somebody who has left and Ben")
    assert CoachingSession.objects.visible_to(world.ben).held().count() == 1


def test_once_both_are_erased_so_is_what_they_shared(world: World) -> None:
    for person in (world.ada, world.ben):
        erasing.erase(person)
    assert Agreement.objects.get().text == ""
    assert not DataKey.objects.filter(owner_kind="pairing", destroyed_at=None).exists()


def test_it_is_done_once_and_for_all(world: World) -> None:
    at = timezone.now() - timedelta(minutes=5)
    erasing.erase(world.ada, at)
    erasing.erase(world.ada)
    world.ada.refresh_from_db()
    assert (world.ada.name, world.ada.email, world.ada.erased_at, world.ada.is_active) == (
        "Somebody who has left",
        None,
        at,
        False,
    )


def test_counts_of_answers_do_not_move(
    cohort: Cohort, pairing: Pairing, dora: Person, make_person: Callable[..., Person], ada: Person
) -> None:
    """A batch that was let out stands for the same people before and after."""
    session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() - timedelta(days=1))
    people = [ada, *(make_person(f"P{number}") for number in range(8))]
    for number, person in enumerate(people):
        FitCheck.objects.create(
            pairing=pairing,
            session=session,
            person=person,
            answer="good" if number % 2 else "deciding",
            answered_at=timezone.now() + timedelta(minutes=number),
        )
        Usefulness.objects.create(session=session, person=person, value=1 + number % 5)
    soon = timezone.now() + timedelta(hours=1)
    before = collecting.answers(soon, {})
    assert len(before) == 2
    erasing.erase(ada)
    assert collecting.answers(soon, {}) == before


def test_the_buddy_is_told_kindly_waits_first_and_their_session_is_off(world: World) -> None:
    MatchRun.objects.create(cohort=world.cohort, published_at=world.at, finished_at=world.at)
    session = book(world.pairing, world.at + timedelta(days=3), 60, "Room 4", by=world.ben)
    Message.objects.filter(kind="session_booked").update(sent_at=world.at, dated_at=world.at)
    erasing.erase(world.ada)
    session.refresh_from_db()
    assert session.cancelled_at
    assert Waiting.objects.open().get().participant.person == world.ben
    waiting = Message.objects.waiting().filter(recipient=world.ben).values_list("kind", flat=True)
    assert sorted(waiting) == ["buddy_left", "session_cancelled"]
    assert not Message.objects.waiting().filter(recipient=world.ada).exists()


def test_the_mails_that_follow(world: World, sink: Any) -> None:
    """To the buddy without a name and without a reason; to her the last ones, after which nobody knows her address."""
    book(world.pairing, world.at + timedelta(days=3), 60, "Room 4", by=world.ben)
    delivery.drain()
    sink.taken.clear()
    erasing.erase(world.ada)
    delivery.drain()
    mails = {(mail.to[0], mail.mail["Subject"].strip()): mail.mail for mail in sink.taken}
    told = sorted(subject for to, subject in mails if to == world.ben.email)
    assert told[1] == "Your buddy has left Spring"
    assert told[0].startswith("Cancelled: session with Somebody who has left")
    assert not any("Ada" in str(mail) for (to, _), mail in mails.items() if to == world.ben.email)
    hers = [mail for (to, _), mail in mails.items() if to == "ada@example.org"]
    assert sorted(mail["Subject"].strip()[:12] for mail in hers) == ["Cancelled: s", "Your account"]
    entries = [part for mail in hers for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert [b"METHOD:CANCEL" in part.get_payload(decode=True) for part in entries] == [True]


def test_log_ins_end_and_devices_go(
    world: World, as_: Callable[..., Client], django_capture_on_commit_callbacks: Any
) -> None:
    hers, his = as_(world.ada), as_(world.ben)
    ensure_address(world.ada)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(world.ada)
    assert BrowserSession.objects.count() == 1
    assert [hers.get("/me/").status_code, his.get("/me/").status_code] == [302, 200]
    assert not EmailAddress.objects.filter(user=world.ada).exists()


def test_a_log_in_ends_even_if_its_row_is_left_and_is_swept_later(world: World, as_: Callable[..., Client]) -> None:
    hers = as_(world.ada)
    erasing.erase(world.ada)
    assert hers.get("/me/").status_code == 302
    left = as_(world.ada)  # as if written at the same moment
    assert left.get("/me/").status_code == 302
    as_(world.ada)
    assert BrowserSession.objects.exists()
    sweep()
    assert not BrowserSession.objects.exists()


def test_the_configurations_own_log_forgets_the_name(world: World, olga: Person) -> None:
    about = ContentType.objects.get_for_model(Person)
    LogEntry.objects.create(
        user=olga, content_type=about, object_id=str(world.ada.pk), object_repr="Ada", action_flag=CHANGE
    )
    erasing.erase(world.ada)
    assert LogEntry.objects.get().object_repr == "Somebody who has left"


def test_conversations_in_confidence(world: World) -> None:
    """Hers go with their key; what Ben wrote to a lead who goes stays his."""
    with_dora = HelpThread.objects.create(writer=world.ben, lead=world.dora, programme=world.cohort.programme)
    HelpMessage.objects.create(thread=with_dora, author=world.ben, text="Could we talk?")
    HelpMessage.objects.create(thread=with_dora, author=world.dora, text="Of course.")
    world.cohort.programme.add_lead(world.cleo, added_by=world.dora)
    thread = HelpThread.objects.get(writer=world.ada)
    erasing.erase(world.ada)
    assert DataKey.of(Owner("help-thread", thread.pk)).created_at > world.at
    erasing.erase(world.dora)
    with_dora.refresh_from_db()
    assert with_dora.closed_at
    assert [message.text for message in HelpMessage.objects.all()] == ["Could we talk?"]


def test_a_pairing_that_goes_on_privately_ends(world: World) -> None:
    Pairing.objects.update(continues_at=world.at - timedelta(days=1))
    erasing.erase(world.ada)
    assert Pairing.objects.live().count() == 0


def test_a_cohort_that_has_ended_keeps_its_numbers_and_nobody_is_mailed(world: World) -> None:
    days = {"starts_on": 100, "ends_on": 10, "sign_up_opens_on": 130, "nominations_close_on": 120}
    dates = {name: world.at.date() - timedelta(days=ago) for name, ago in (days | {"pairs_published_on": 110}).items()}
    Cohort.objects.filter(pk=world.cohort.pk).update(**dates)
    erasing.erase(world.ada)
    assert Participant.objects.present().filter(cohort=world.cohort).count() == 3
    assert not Message.objects.filter(recipient=world.ben).exists()
    assert Pairing.objects.live().count() == 0


def test_reports_report_to_whoever_was_above(ada: Person, max_: Person, make_person: Callable[..., Person]) -> None:
    boss = make_person("Boss")
    Person.objects.filter(pk=max_.pk).update(manager=boss)
    max_.refresh_from_db()
    erasing.erase(max_)
    ada.refresh_from_db()
    assert ada.manager == boss


def test_a_match_run_forgets_her_and_keeps_a_digest_of_what_was_proven(
    world: World, fred: Person, take_part: Callable[..., Participant]
) -> None:
    Pairing.objects.all().delete()
    take_part(fred, world.cohort)
    run = request_run(world.cohort, world.dora)
    execute(run.pk)
    MatchRun.objects.filter(pk=run.pk).update(published_at=world.at)
    erasing.erase(world.ada)
    run.refresh_from_db()
    number = str(world.participant(world.ada).pk)
    (hers,) = [person for person in run.snapshot["people"] if person["id"] == number]
    assert (hers["name"], hers["wants"], hers["free"]) == ("Somebody who has left", [], [])
    assert [wish for wish in run.snapshot["nominations"] if number in (wish["from_id"], wish["to_id"])] == []
    assert [pair for pair in run.snapshot["refusals"] if number in pair] == []
    assert "Ada" not in f"{run.snapshot}{run.plan}"
    assert len(run.proof["sha256"]) == 64


@pytest.fixture
def fred(make_person: Callable[..., Person]) -> Person:
    return make_person("Fred")


def test_the_only_lead_and_the_only_administrator_find_somebody_first(world: World, olga: Person, eve: Person) -> None:
    for person in (world.dora, olga):
        with pytest.raises(erasing.NotYet):
            erasing.erase(person)
        person.refresh_from_db()
        assert person.erased_at is None
    world.cohort.programme.add_lead(world.cleo, added_by=world.dora)
    RoleGrant.objects.create(person=eve, role=RoleGrant.ADMINISTRATOR)
    for person in (world.dora, olga):
        erasing.erase(person)
        assert not person.role_grants.live().exists()


def test_what_a_page_still_writes_at_that_moment_goes_too(world: World) -> None:
    held = CoachingSession.objects.get()
    erasing.erase(world.ada)
    PrivateNote.objects.create(session=held, author=world.ada, text="Typed meanwhile")
    Participant.objects.filter(person=world.ada).update(working_on="Typed meanwhile")
    erasing.erase_what_came_after()
    assert not PrivateNote.objects.exists()
    assert Participant.objects.get(person=world.ada).working_on == ""


# The pages.


def has_just_logged_in(client: Client, person: Person) -> Client:
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": timezone.now().timestamp()}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


def test_the_page_says_what_goes_and_asks_for_a_new_log_in_first(world: World, as_: Callable[..., Client]) -> None:
    browser = as_(world.ada)
    url = "/privacy/data/erasure/"
    assert (
        browser.post(url, {"confirmed": "yes"}).headers["Location"]
        == f"/accounts/login/again/?next={url.replace('/', '%2F')}"
    )
    assert Person.objects.get(pk=world.ada.pk).erased_at is None
    has_just_logged_in(browser, world.ada)
    page = browser.get(url).content.decode()
    for sentence in ("Your private notes", "How useful a session was for you", "Ben is told, without a reason"):
        assert sentence in page
    browser.post(url, {})
    assert Person.objects.get(pk=world.ada.pk).erased_at is None
    answer = browser.post(url, {"confirmed": "yes"}, follow=True)
    assert "Your account is erased" in answer.content.decode()
    assert Person.objects.get(pk=world.ada.pk).erased_at
    assert browser.get("/me/").status_code == 302


def test_an_administrator_erases_on_request(world: World, olga: Person, as_: Callable[..., Client]) -> None:
    browser = has_just_logged_in(as_(olga), olga)
    assert (
        f"/people/{world.ada.pk}/erasure/"
        in browser.get(f"/admin/buddying/person/{world.ada.pk}/change/").content.decode()
    )
    assert browser.post(f"/people/{world.ada.pk}/erasure/", {"confirmed": "yes"}).status_code == 302
    assert Person.objects.get(pk=world.ada.pk).erased_at
    assert browser.get(f"/people/{world.ada.pk}/erasure/").status_code == 404
    assert browser.get(f"/people/{olga.pk}/erasure/").status_code == 404


# Backups.


def test_a_mark_is_kept_outside_the_database(
    world: World, data_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(world.ada)
    assert tombstones.marks() == {tombstones.mark_of(world.ada.stable_id)}
    assert str(world.ada.stable_id) not in tombstones.path().read_text()
    tombstones.path().unlink()  # the volume was lost
    erasing.keep_marks()
    erasing.keep_marks()
    assert tombstones.path().read_text().split()[1:] == [tombstones.mark_of(world.ada.stable_id)]


def test_a_disk_that_is_full_keeps_nobody_from_being_erased(
    world: World, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    (tmp_path / "no-folder").write_text("")
    settings.DATA_DIR = tmp_path / "no-folder"
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(world.ada)
    settings.DATA_DIR = tmp_path
    erasing.keep_marks()
    assert len(tombstones.marks()) == 1


def url_of(database: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


def ask(statement: str) -> None:
    with closing(psycopg2.connect(url_of("postgres"))) as line:
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(statement)


FOR_UPKEEP = os.environ | {"PGOPTIONS": "-c buddying.purpose=upkeep"}


@pytest.mark.django_db(transaction=True)
def test_a_restore_from_a_backup_brings_nobody_back(world: World, tmp_path: Path) -> None:
    """A real dump from before, put over a database in which she is erased."""
    dump, name = tmp_path / "backup", connection.settings_dict["NAME"]
    subprocess.run(["pg_dump", "--enable-row-security", "-Fc", "-f", dump, url_of(name)], check=True, env=FOR_UPKEEP)
    erasing.erase(world.ada)
    later = Person.objects.create(name="Signed up since", email="later@example.org")
    erasing.erase(later)
    connection.close()
    subprocess.run(
        ["pg_restore", "--clean", "--if-exists", "--no-owner", "-d", url_of(name), dump],
        check=True,
        env=FOR_UPKEEP,
    )
    forget_keys()
    assert Person.objects.get(pk=world.ada.pk).name == "Ada"
    assert PrivateNote.objects.get().text == "MarkedPrivateNoteTextWords"
    newcomer = Person.objects.create(pk=later.pk, name="Same number", email="new@example.org")

    mails, said = Message.objects.count(), StringIO()
    call_command("erase_again", stdout=said)
    assert said.getvalue().strip() == "2 marks read, 1 accounts erased again."
    assert Person.objects.get(pk=world.ada.pk).name == "Somebody who has left"
    assert not PrivateNote.objects.exists()
    assert Message.objects.count() == mails  # they were told then
    assert Person.objects.get(pk=newcomer.pk).name == "Same number"
    call_command("erase_again", stdout=said)
    assert said.getvalue().splitlines()[-1] == "2 marks read, 0 accounts erased again."
