"""Something in every table that holds content, of people who may see it and of people who may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Cohort, ImportDraft, Participant, Person, UnsentText
from equipping.models import ObserverNote, Practice, PracticeGroup, PracticeNote
from matching.models import Pairing, PairingMember
from reflection.models import (
    Agreement,
    EndingWish,
    FitCheck,
    GoalOutcome,
    Goals,
    HelpMessage,
    HelpThread,
    OutcomeRating,
    ReflectionAnswer,
    ReflectionPrompt,
    ReflectionScale,
    SharedAnswer,
    Thanks,
)
from sessions_log.models import (
    BusyCalendar,
    CoachingSession,
    Commitment,
    PrivateNote,
    Proposal,
    SharedNote,
    Usefulness,
    Word,
)
from tests.outbox.conftest import sink
from tests.trust.everything import World, write
from trust.models import Download

__all__ = ["sink"]

CAST = ("Ada", "Ben", "Cleo", "Dora", "Eve", "Max", "Olga", "Fred", "Gina")
TEXT = "For these eyes only"


def write_as_a_pair(pairing: Pairing, author: Person, at: datetime) -> None:
    """One row in each table that a pair shares, of that time."""
    session = CoachingSession.objects.create(pairing=pairing, starts_at=at)
    mine = {"pairing": pairing, "author": author, "text": TEXT}
    SharedNote.objects.create(session=session, **mine)
    Commitment.objects.create(session=session, **mine)
    Word.objects.create(session=session, occasion=Word.BOOKED, said_at=at, **mine)
    Thanks.objects.create(written_at=at, **mine)
    Proposal.objects.create(pairing=pairing, proposed_by=author, proposed_at=at, note=TEXT, closed_at=at)
    version = Agreement.objects.filter(pairing=pairing).count() + 1
    Agreement.objects.create(pairing=pairing, version=version, text=TEXT, written_at=at)
    prompt, _ = ReflectionPrompt.objects.get_or_create(pairing=pairing, person=author)
    SharedAnswer.objects.create(prompt=prompt, question="works", shared_at=at, **mine)


def write_alone(pairing: Pairing, participant: Participant, at: datetime) -> None:
    """One row in each table that is only its author's."""
    author = participant.person
    session = CoachingSession.objects.create(pairing=pairing, starts_at=at)
    PrivateNote.objects.create(session=session, author=author, text=TEXT)
    UnsentText.objects.create(author=author, form="log", number=session.pk, typed=TEXT)
    Usefulness.objects.create(session=session, person=author, value=4)
    FitCheck.objects.create(pairing=pairing, session=session, person=author, answer="good", answered_at=at)
    EndingWish.objects.create(pairing=pairing, person=author, choice="go-on")
    prompt, _ = ReflectionPrompt.objects.get_or_create(pairing=pairing, person=author)
    ReflectionAnswer.objects.create(prompt=prompt, author=author, question="works", text=TEXT)
    ReflectionScale.objects.create(prompt=prompt, author=author, question="balance", value=3)
    goals = Goals.objects.create(participant=participant, author=author, focus=TEXT)
    GoalOutcome.objects.create(goals=goals, author=author, number=1, text=TEXT)
    OutcomeRating.objects.create(participant=participant, moment="before", outcome="0123", value=2)
    BusyCalendar.objects.create(person=author, address=f"https://calendar.example.org/{author.pk}.ics")


def write_in_practice(cohort: Cohort, authors: list[Person]) -> None:
    practice = Practice.objects.create(cohort=cohort, published_at=timezone.now())
    group = PracticeGroup.objects.create(practice=practice, number=1)
    for author in authors:
        ObserverNote.objects.create(group=group, number=1, author=author, text=TEXT)
        PracticeNote.objects.create(group=group, author=author, strengths=TEXT, growth=TEXT)


def ask_for_help(writer: Person, lead: Person, at: datetime) -> None:
    thread = HelpThread.objects.create(writer=writer, lead=lead, opened_at=at)
    HelpMessage.objects.create(thread=thread, author=writer, text=TEXT, written_at=at)


@pytest.fixture
def filled(
    cohort: Cohort,
    pairing: Pairing,
    participants: dict[str, Participant],
    make_person: Callable[..., Person],
    make_pairing: Callable[..., Pairing],
    take_part: Callable[..., Participant],
    dora: Person,
    eve: Person,
    max_: Person,
    olga: Person,
) -> Any:
    """Ada and Ben are a pair, which Cleo joined ten days ago and Fred left; Gina's pairing with Eve is closed."""
    now = timezone.now()
    long_ago, lately = now - timedelta(days=30), now - timedelta(days=1)
    fred, gina = (take_part(make_person(name), cohort) for name in ("Fred", "Gina"))
    eves = take_part(eve, cohort)
    PairingMember.objects.create(pairing=pairing, participant=fred, joined_at=pairing.opened_at, left_at=lately)
    PairingMember.objects.create(pairing=pairing, participant=participants["Cleo"], joined_at=now - timedelta(days=10))
    closed = make_pairing(gina, eves)
    write_as_a_pair(pairing, participants["Ada"].person, long_ago)
    write_as_a_pair(pairing, participants["Ben"].person, lately)
    write_as_a_pair(closed, gina.person, long_ago)
    for participant in (*participants.values(), fred):
        write_alone(pairing, participant, lately)
    for participant in (gina, eves):
        write_alone(closed, participant, lately)
    closed.close(at=lately)
    write_in_practice(cohort, [participants["Ada"].person, eve])
    ask_for_help(participants["Ada"].person, dora, lately)
    ask_for_help(gina.person, olga, lately)
    for asking in (dora, gina.person):
        Download.objects.create(person=asking)
    for lead in (dora, max_):
        ImportDraft.objects.create(cohort=cohort, owner=lead, people_text=TEXT, nominations_text="")
    return cohort


@pytest.fixture
def data_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def world(
    data_folder: Path, cohort: Cohort, pairing: Pairing, ada: Person, ben: Person, cleo: Person, dora: Person
) -> World:
    world = World(cohort, pairing, ada, ben, cleo, dora, timezone.now())
    write(world)
    return world
