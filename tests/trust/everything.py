"""A row of every model that holds something of Ada, with a marked word in every text that people type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import CharField, Field, TextField
from django.utils import timezone

from buddying.models import (
    BrowserSession,
    Cohort,
    DayHours,
    ImportDraft,
    Invitation,
    Leave,
    Nomination,
    Participant,
    Person,
    Programme,
    Refusal,
    RoleGrant,
    UnsentText,
    WeeklyWindow,
)
from equipping.models import ObserverNote, Practice, PracticeGroup, PracticeNote, PracticeSeat, ReadMark
from matching.models import Pairing, Pause, Waiting
from outbox.models import AddressFailure, MailChoices, Message
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
    Signature,
    Thanks,
)
from sessions_log.models import (
    BusyCalendar,
    BusyTime,
    CoachingSession,
    Commitment,
    Meeting,
    OwnCalendar,
    PrivateNote,
    Proposal,
    ProposedTime,
    RunningTurn,
    Seat,
    Series,
    SessionLog,
    SharedNote,
    Turn,
    Usefulness,
    Word,
)
from trust.fields import EncryptedTextField
from trust.models import AccessRecord, Download

OURS = ("buddying", "equipping", "matching", "sessions_log", "reflection", "insights", "outbox", "trust")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def our_models() -> list[Any]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def encrypted_fields() -> list[EncryptedTextField]:
    return [one for model in our_models() for one in model._meta.fields if isinstance(one, EncryptedTextField)]


def text_fields() -> list[Field]:
    """Plain text without a fixed set of values."""
    plain = [one for model in our_models() for one in model._meta.fields if isinstance(one, CharField | TextField)]
    return [one for one in plain if not one.choices]


def mark(model: type, name: str) -> str:
    """Told from all others; no part of it is the name of anything."""
    return f"Marked{model.__name__}{name.title().replace('_', '')}Words"


@dataclass
class World:
    """Ada and Ben are a pair that has met; Cleo is in the cohort, Dora leads it."""

    cohort: Cohort
    pairing: Pairing
    ada: Person
    ben: Person
    cleo: Person
    dora: Person
    at: datetime

    def participant(self, person: Person) -> Participant:
        return Participant.objects.get(cohort=self.cohort, person=person)


def write(world: World) -> None:
    """What Ada leaves behind in a few months."""
    _about_herself(world)
    held = _a_session(world)
    _what_she_wrote(world, held)
    _what_she_reflected(world, held)
    _what_stands_around(world, held)


def _about_herself(world: World) -> None:
    ada, mine = world.ada, world.participant(world.ada)
    for name in ("working_on", "great_support", "looking_for"):
        setattr(mine, name, mark(Participant, name))
    mine.wants, mine.offers, mine.reference = ["Listening"], ["Planning"], "A-17"
    mine.save()
    RoleGrant.objects.create(person=ada, role=RoleGrant.LEAD)
    elsewhere = Programme.objects.create(name="Elsewhere", template="three-month-buddying", purpose="Learn.")
    for lead in (ada, world.dora):
        elsewhere.add_lead(lead, added_by=world.dora)
    WeeklyWindow.objects.create(person=ada, weekday=6, starts_at=time(7), minutes=60)
    Leave.objects.create(person=ada, first_day=date(2030, 1, 1), last_day=date(2030, 1, 9))
    BrowserSession.objects.create(
        session_key="kept as a hash", session_data="sealed", person=ada, browser="Firefox",
        expire_date=world.at + DAY, began_at=world.at, seen_at=world.at,
    )  # fmt: skip
    UnsentText.objects.create(author=ada, form="log", number=1, typed=mark(UnsentText, "typed"))
    DayHours.objects.create(person=ada, day=date(2030, 2, 1), starts_at=time(9), minutes=60, kind="free")
    cleo = world.participant(world.cleo)
    Nomination.objects.create(nominator=mine, nominee=cleo, rank=1)
    Nomination.objects.create(nominator=cleo, nominee=mine, rank=1)
    Refusal.objects.create(refuser=mine, refused=cleo)
    Refusal.objects.create(refuser=cleo, refused=mine)
    Invitation.objects.create(cohort=world.cohort, email=ada.email, invited_by=world.dora, accepted_at=world.at)
    ImportDraft.objects.create(
        cohort=world.cohort,
        owner=ada,
        people_name="people.csv",
        people_text=mark(ImportDraft, "people_text"),
        nominations_text=mark(ImportDraft, "nominations_text"),
    )


def _a_session(world: World) -> CoachingSession:
    pairing, begun = world.pairing, world.at - 7 * DAY
    series = Series.objects.create(pairing=pairing, weeks=2, booked_by=world.ada)
    held = CoachingSession.objects.create(
        pairing=pairing, starts_at=begun, series=series, place=mark(CoachingSession, "place"), held_at=begun + HOUR
    )
    for person in (world.ada, world.ben):
        Seat.objects.create(session=held, person=person, period=(held.starts_at, held.ends_at))
    Seat.objects.filter(person=world.ada).update(answer="accepted", answered_at=begun)
    SessionLog.objects.create(session=held, person=world.ada, outcome="held")
    Turn.objects.create(session=held, number=1, coachee=world.ada, coach=world.ben, minutes=30)
    meeting = Meeting.objects.create(session=held, order=[world.ada.pk, world.ben.pk], ended_at=begun + HOUR)
    RunningTurn.objects.create(meeting=meeting, number=1, coachee=world.ada, minutes=30)
    Usefulness.objects.create(session=held, person=world.ada, value=5)
    return held


def _what_she_wrote(world: World, held: CoachingSession) -> None:
    ada, pairing = world.ada, world.pairing
    PrivateNote.objects.create(session=held, author=ada, text=mark(PrivateNote, "text"))
    shared = {"session": held, "pairing": pairing, "author": ada}
    SharedNote.objects.create(**shared, text=mark(SharedNote, "text"))
    Commitment.objects.create(**shared, text=mark(Commitment, "text"))
    Word.objects.create(**shared, occasion="booked", text=mark(Word, "text"))
    proposal = Proposal.objects.create(
        pairing=pairing, proposed_by=ada, place=mark(Proposal, "place"), note=mark(Proposal, "note")
    )
    ProposedTime.objects.create(proposal=proposal, starts_at=world.at + 5 * DAY)
    OwnCalendar(person=ada).make_address()
    calendar = BusyCalendar.objects.create(person=ada, address=f"https://example.org/{mark(BusyCalendar, 'address')}")
    BusyTime.objects.create(calendar=calendar, period=(world.at, world.at + HOUR))


def _what_she_reflected(world: World, held: CoachingSession) -> None:
    ada, pairing, mine = world.ada, world.pairing, world.participant(world.ada)
    agreement = Agreement.objects.create(
        pairing=pairing, version=1, text=f"{ada.name} and {world.ben.name}: {mark(Agreement, 'text')}"
    )
    for person in (ada, world.ben):
        Signature.objects.create(agreement=agreement, person=person)
    goals = Goals.objects.create(participant=mine, author=ada, focus=mark(Goals, "focus"))
    GoalOutcome.objects.create(goals=goals, author=ada, number=1, text=mark(GoalOutcome, "text"), at_start=3)
    OutcomeRating.objects.create(participant=mine, moment="before", outcome="abc", value=4)
    asked = {"pairing": pairing, "person": ada, "answered_at": world.at}
    FitCheck.objects.create(**asked, session=held, answer="good")
    prompt = ReflectionPrompt.objects.create(**asked)
    answer = {"prompt": prompt, "author": ada, "question": "works"}
    ReflectionAnswer.objects.create(**answer, text=mark(ReflectionAnswer, "text"))
    SharedAnswer.objects.create(**answer, pairing=pairing, text=mark(SharedAnswer, "text"))
    ReflectionScale.objects.create(prompt=prompt, author=ada, question="balance", value=4)
    Thanks.objects.create(pairing=pairing, author=ada, text=mark(Thanks, "text"))
    EndingWish.objects.create(pairing=pairing, person=ada, choice="end")
    thread = HelpThread.objects.create(writer=ada, lead=world.dora, programme=world.cohort.programme)
    HelpMessage.objects.create(thread=thread, author=ada, text=mark(HelpMessage, "text"))


def _what_stands_around(world: World, held: CoachingSession) -> None:
    ada, mine = world.ada, world.participant(world.ada)
    ReadMark.objects.create(programme=world.cohort.programme, slug="listening", person=ada)
    practice = Practice.objects.create(cohort=world.cohort, published_at=world.at)
    group = PracticeGroup.objects.create(practice=practice, number=1)
    for place, person in enumerate((ada, world.ben, world.cleo)):
        seat = {"participant": world.participant(person), "place": place}
        PracticeSeat.objects.create(practice=practice, group=group, **seat)
    ObserverNote.objects.create(group=group, number=1, author=ada, text=mark(ObserverNote, "text"))
    notes = {name: mark(PracticeNote, name) for name in ("strengths", "growth")}
    PracticeNote.objects.create(group=group, author=ada, **notes)
    Waiting.objects.create(participant=mine, reason="late", since=world.at - 50 * DAY, ended_at=world.at - 40 * DAY)
    Pause.objects.create(
        participant=mine, paused_at=world.at - 30 * DAY, until=world.at - 20 * DAY, ended_at=world.at - 20 * DAY
    )
    MailChoices.objects.create(person=ada)
    Message.objects.create(
        kind="look_back",
        key=f"look_back:{ada.pk}",
        recipient=ada,
        about_id=held.pk,
        sent_at=world.at,
        dated_at=world.at,
    )
    AddressFailure.objects.create(address=ada.email, reason="full", source="reported")
    AccessRecord.objects.create(viewer=world.dora, subject=ada, sentence="looked", seen_at=timezone.now())
    Download.objects.create(person=ada)
