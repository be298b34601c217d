"""Marked text in every field that people write in, and where it must never turn up.

The models are walked, so a new field without a mark fails here.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buddying.models import BrowserSession, Cohort, DayHours, Invitation, Leave, Participant, Person
from buddying.sessions import SessionStore
from equipping.models import Practice, PracticeGroup, PracticeRound
from matching.models import MatchRun, Pairing
from reflection import helping
from reflection.models import FitCheck, HelpThread, ReflectionPrompt
from sessions_log import booking, proposals
from sessions_log.models import CoachingSession, Commitment, OwnCalendar, Proposal
from tests.browser import databases
from tests.browser.cast import DAY, Cast, person
from tests.browser.conftest import idle_product
from tests.browser.product import Product
from tests.test_urlconf import RULES, _unsigned
from tests.trust.everything import World, encrypted_fields, mark, text_fields, write
from trust import downloads
from trust.models import DataKey, Download

__all__ = ["idle_product"]

SECRET = {mark(field.model, field.name) for field in encrypted_fields()}
PROFILE = {mark(Participant, name) for name in ("working_on", "great_support", "looking_for")}
TYPED = PROFILE | {mark(CoachingSession, "place"), mark(Proposal, "place")}

# Plain text that no participant types: facts of the organisation, words of the programme, what the product writes.
NOT_WRITTEN_BY_PARTICIPANTS = {
    "buddying": {
        "Organisation",
        "Person",
        "Programme",
        "Cohort",
        "GroupMeeting",
        "Invitation",
        "ImportDraft",
        "BrowserSession",
        "UnsentText",
    },  # of a form that is not sent: its name
    "equipping": {"LessonText", "ReadMark", "Practice"},
    "matching": {"MatchRun"},
    "sessions_log": {"BusyCalendar", "OwnCalendar"},
    "reflection": {"OutcomeRating", "ReflectionAnswer", "ReflectionScale", "SharedAnswer"},  # slugs of questions
    "outbox": {"Message", "AddressFailure"},
    "insights": {"Figure", "Part"},
    "trust": {"DataKey", "AccessRecord"},
}


def test_every_encrypted_field_is_marked(world: World) -> None:
    written = {getattr(row, one.name) for one in encrypted_fields() for row in one.model._base_manager.all()}
    assert [word for word in SECRET if not any(word in text for text in written)] == []


def test_every_other_text_that_participants_write_is_marked_too() -> None:
    theirs = {
        mark(field.model, field.name)
        for field in text_fields()
        if field.model.__name__ not in NOT_WRITTEN_BY_PARTICIPANTS.get(field.model._meta.app_label, set())
    }
    assert theirs == TYPED | {mark(Participant, "reference")}  # the id of an import


def seen_in(content: bytes, words: set[str]) -> set[str]:
    """As it is, and as a dump or a mail would have it."""
    return {word for word in words if any(form in content for form in forms_of(word))}


def forms_of(word: str) -> Iterator[bytes]:
    plain = word.encode()
    yield plain
    yield plain.hex().encode()
    for shift in range(3):  # wherever it begins in a longer text
        yield base64.b64encode(b"x" * shift + plain)[4 if shift else 0 : -4]


def test_a_mark_is_found_however_it_is_written() -> None:
    word = "MarkedPrivateNoteTextWords"
    inside = b"Dear diary, " + word.encode() + b" and so on"
    for number in range(3):
        moved = b"x" * number + inside
        for content in (moved, moved.hex().encode(), base64.b64encode(moved)):
            assert seen_in(content, {word, "MarkedOther"}) == {word}


# Who is shown which text, over all addresses.


@pytest.fixture
def everywhere(world: World, make_person: Callable[..., Person], eve: Person, max_: Person, olga: Person) -> Any:
    """What addresses are made of, from what there is."""
    held, group = CoachingSession.objects.get(), PracticeGroup.objects.get()
    PracticeRound.objects.create(group=group, number=1)
    join = {"cohort": world.cohort, "joined_at": timezone.now()}
    return SimpleNamespace(
        cohort=world.cohort,
        nominating=world.cohort,
        dora=world.dora,
        pairing=world.pairing,
        in_need=_unsigned(world.cohort),
        device=BrowserSession.objects.get(person=world.ada),
        practice=Practice.objects.get(),
        group=group,
        session=held,
        later=CoachingSession.objects.create(pairing=world.pairing, starts_at=world.at + DAY, place="Later"),
        commitment=Commitment.objects.get(),
        conversation=HelpThread.objects.get(),
        fit_check=FitCheck.objects.get(),
        prompt=ReflectionPrompt.objects.get(),
        run=MatchRun.objects.create(cohort=world.cohort, requested_by=world.dora, finished_at=timezone.now()),
        proposal=Proposal.objects.get(),
        leave=Leave.objects.get(),
        hours=DayHours.objects.get(),
        invitation=Invitation.objects.get(),
        secret=OwnCalendar.objects.get().make_address(),
        download=downloads.newest(world.ada),
        cleo=world.participant(world.cleo),
        fred=Participant.objects.create(person=make_person("Fred"), **join),
        nell=Participant.objects.create(person=make_person("Nell"), cohort=world.cohort),
    )


SHARED = {
    "MarkedAgreementTextWords",
    "MarkedCommitmentTextWords",
    "MarkedProposalNoteWords",
    "MarkedSharedNoteTextWords",
    "MarkedWordTextWords",
}  # and, in the cohort's last weeks, thanks

BY_A_SECRET = {"sessions_log:feed"}  # whoever knows its address opens it


def shown_to(who: Person, everywhere: Any, as_: Callable[..., Client]) -> set[str]:
    content = b""
    for name, rule in RULES.items():
        if who.name in rule.who and not rule.post and name not in {"account_logout"} | BY_A_SECRET:
            answer = as_(who).get(reverse(name, args=rule.args(everywhere)))
            content += b"".join(answer) if answer.streaming else answer.content
    return seen_in(content, SECRET | TYPED)


def test_leads_and_administrators_see_no_text_on_any_page(
    everywhere: Any, dora: Person, olga: Person, as_: Callable[..., Client]
) -> None:
    """But profiles, and a lead what was written to her in confidence."""
    assert shown_to(dora, everywhere, as_) == PROFILE | {"MarkedHelpMessageTextWords"}
    assert shown_to(olga, everywhere, as_) == set()


def test_a_buddy_sees_what_is_shared_and_nobody_else_anything(
    everywhere: Any, ben: Person, cleo: Person, eve: Person, max_: Person, as_: Callable[..., Client]
) -> None:
    places = {mark(CoachingSession, "place"), mark(Proposal, "place")}
    of_a_buddy = PROFILE - {mark(Participant, "looking_for")}
    assert shown_to(ben, everywhere, as_) == SHARED | places | of_a_buddy
    for person_ in (cleo, eve, max_):
        assert shown_to(person_, everywhere, as_) == set(), person_


ADMIN = ["", "buddying/person/", "buddying/rolegrant/", "buddying/programme/", "buddying/cohort/",
         "buddying/person/{ada}/change/", "buddying/cohort/{cohort}/change/"]  # fmt: skip


def test_djangos_admin_knows_none(world: World, olga: Person, as_: Callable[..., Client]) -> None:
    pages = b"".join(
        as_(olga).get("/admin/" + url.format(ada=world.ada.pk, cohort=world.cohort.pk)).content for url in ADMIN
    )
    assert seen_in(pages, SECRET | TYPED) == set()


# The running product: its processes, its database, its broker, its mail.


class Browser:
    """Just enough of one: a cookie, a form's token, and the answer whatever its status."""

    def __init__(self, product: Product, who: Person) -> None:
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(who.pk), who.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "buddying.second_factor.Backend"
        session.save()
        self.base, self.cookie = product.url, f"buddying_session={session.session_key}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def ask(self, path: str, data: dict[str, Any] | None = None) -> tuple[int, str]:
        body = urllib.parse.urlencode(data, doseq=True).encode() if data is not None else None
        request = urllib.request.Request(self.base + path, body, {"Cookie": self.cookie})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def post(self, page: str, path: str, data: dict[str, Any]) -> tuple[int, str]:
        _, form = self.ask(page)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token, form[:500]
        (jar,) = [one.cookiejar for one in self.opener.handlers if hasattr(one, "cookiejar")]
        csrf = next(cookie.value for cookie in jar if cookie.name == "buddying_csrf")
        self.cookie = f"{self.cookie.partition(';')[0]}; buddying_csrf={csrf}"
        return self.ask(path, data | {"csrfmiddlewaretoken": token[1]})


@pytest.fixture
def running(idle_product: Product) -> Product:
    idle_product.start()
    return idle_product


def settle(product: Product) -> None:
    """Mails are sent, and the worker has done what it was told."""
    from outbox.models import Message

    def done() -> bool:
        with product.models():
            due = Message.objects.due().exists()
            return not (due or Download.objects.unfinished().exists() or MatchRun.objects.unfinished().exists())

    product.wait_until(done, "everything is sent and made")


def live_through_it(product: Product) -> World:
    """A world with every mark, and what the verbs and processes make of it."""
    cast = Cast.enters(product.now())
    cohort = cast.cohort("Spring", days_to_start=-20)
    naming = cast.cohort("Summer", days_to_start=30)
    ada, ben, cleo = (person(name) for name in ("Ada", "Ben", "Cleo"))
    seats = [cast.takes_part(one, cohort) for one in (ada, ben, cleo)]
    for one in (ada, ben, cleo):
        cast.takes_part(one, naming)
    pairing = cast.pair(*seats[:2])
    pairing.agreements.all().delete()
    world = World(cohort, pairing, ada, ben, cleo, cast.dora, cast.now)
    write(world)
    Download.objects.all().delete()
    session = booking.book(pairing, cast.now + 3 * DAY, 60, "Room 4", by=ada, at=cast.now, word="MarkedWordTextWords")
    booking.move(session, cast.now + 4 * DAY, 60, "Room 4", by=ada, word="MarkedWordTextWords")
    Proposal.objects.update(closed_at=cast.now)
    times = [cast.now + 6 * DAY, cast.now + 7 * DAY]
    proposals.propose(pairing, times, 60, "Park", by=ada, note="MarkedProposalNoteWords")
    helping.write(HelpThread.objects.get(), "MarkedHelpMessageTextWords", by=ada)
    return world


TYPED_NOW = "MarkedTypedIntoTheProductWords"
IN_AN_ERROR = "MarkedTypedIntoAnErrorWords"


@pytest.mark.usefixtures("running")
def test_nothing_leaks_out_of_the_running_product(running: Product, tmp_path: Any) -> None:
    everything = SECRET | {TYPED_NOW, IN_AN_ERROR}
    with running.models():
        world = live_through_it(running)
        browsers = {one.name: Browser(running, one) for one in (world.ada, world.ben, world.dora)}
        held, naming = CoachingSession.objects.held().get().pk, Cohort.objects.get(name="Summer").pk
    ada, page = browsers["Ada"], f"/sessions/{held}/log/"
    assert ada.ask(f"/pairings/{world.pairing.pk}/")[0] == 200
    writer = {"writer": world.ada.pk, "outcome": "held"}
    status, answer = ada.post(page, page, writer | {"private_note": TYPED_NOW, "shared_note": TYPED_NOW})
    assert status == 200, answer[:500]
    assert ada.post("/privacy/data/", "/privacy/data/downloads/", {})[0] == 200
    assert browsers["Dora"].post(f"/cohorts/{naming}/matching/", f"/cohorts/{naming}/matching/", {})[0] in (200, 422)
    settle(running)
    shown = error_pages(running, ada, page, world)
    assert [status for status, _ in shown] == [500, 500]

    found = {
        "the database dump": seen_in(dump_of(running.database), everything),
        "sessions and the cache": seen_in(kept_for_browsers(running), everything),
        "the broker": seen_in(b"".join(path.read_bytes() for path in files(running.folder / "redis")), everything),
        "logs": seen_in(b"".join(path.read_bytes() for path in files(running.folder / "log")), everything | TYPED),
        "mails": seen_in("\n".join(mail.everything for mail in running.mail).encode(), everything),
        "error pages": seen_in("\n".join(text for _, text in shown).encode(), everything | TYPED),
    }
    assert found == {place: set() for place in found}
    assert_they_were_looked_at(running)


def error_pages(product: Product, ada: Browser, page: str, world: World) -> list[tuple[int, str]]:
    """Her key is broken, so that reading fails with the text's row in hand, and writing with the text itself."""
    broken = bytes(60)
    with product.models():
        DataKey.objects.filter(owner_kind="person", owner_id=world.ada.pk).update(wrapped=broken)
    product.stop("web")  # which keeps keys for half a minute
    product.start("web")
    read = ada.ask(page)
    goals = f"/cohorts/{world.cohort.pk}/goals/"
    with product.models():
        from reflection.models import Goals

        Goals.objects.filter(author=world.ada).delete()
    wrote = ada.post(goals, goals, {"focus": IN_AN_ERROR, "text_1": IN_AN_ERROR, "outcome_1": IN_AN_ERROR})
    return [read, wrote]


def files(folder: Any) -> list[Any]:
    return [path for path in folder.rglob("*") if path.is_file()]


def dump_of(database: str) -> bytes:
    command = ["pg_dump", "--enable-row-security", databases.url_of(database)]
    for_upkeep = os.environ | {"PGOPTIONS": "-c buddying.purpose=upkeep"}
    done = subprocess.run(command, check=True, capture_output=True, env=for_upkeep)
    return done.stdout


def kept_for_browsers(product: Product) -> bytes:
    with product.models():
        sessions = [json.dumps(row.get_decoded()) for row in BrowserSession.objects.exclude(session_data="sealed")]
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key, value FROM buddying_cache")
            rows = [key.encode() + unpacked(value) for key, value in cursor.fetchall()]
    return "\n".join(sessions).encode() + b"".join(rows)


def unpacked(value: str) -> bytes:
    raw = base64.b64decode(value)
    try:
        return raw + zlib.decompress(raw)
    except zlib.error:
        return raw


def assert_they_were_looked_at(product: Product) -> None:
    """An empty place would hold no mark either."""
    logs = {path.stem: path.read_text(errors="replace") for path in files(product.folder / "log")}
    assert "make_download" in logs["worker"]
    assert "CannotRead" in logs["web"]
    assert b"make_download" in b"".join(path.read_bytes() for path in files(product.folder / "redis"))
    subjects = " ".join(mail.subject for mail in product.mail)
    assert "Ada proposes 2 times" in subjects
    assert "Changed: session with" in subjects
    with product.models():
        assert Download.objects.get().finished_at
        assert Pairing.objects.exists()
    assert b"Marked" in dump_of(product.database)  # profiles and places are ordinary columns
