"""The demo programme: a cohort on its way, and one in which people still sign up. Made by the product's verbs."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from buddying.models import (
    Cohort,
    Nomination,
    Organisation,
    Participant,
    Person,
    Programme,
    Refusal,
    RoleGrant,
    WeeklyWindow,
)
from buddying.models.programmes import end_of
from buddying.topics import USUAL
from equipping import arranging, rewording, rounds
from equipping.models import Practice
from insights import snapshots
from insights.demo_cast import AUTUMN, COMMITMENTS, MANAGERS, TICKED, WINTER, WINTER_WISHES, WISHES
from matching.models import Pairing
from matching.publishing import publish
from matching.running import execute, request_run
from outbox import reconciling
from outbox.models import DropReason, Message
from reflection import agreeing, fitting, goal_setting
from reflection.models import FitCheck
from sessions_log.availability import next_free_times
from sessions_log.booking import book
from sessions_log.history import open_commitments
from sessions_log.logs import Log, log
from sessions_log.models import LINK, PLACE, WALK, CoachingSession, SessionLog

HOST = "demo.example"

PLACES = [(PLACE, "Room 4"), (LINK, ""), (WALK, "from the canteen")]


def address(name: str) -> str:
    return f"{name.split()[0].lower()}@{HOST}"


def is_loaded() -> bool:
    return Person.objects.with_address(address("Dora")).exists()


@transaction.atomic
def load(now: datetime | None = None) -> None:
    """Everything or nothing; nothing where it is loaded already."""
    if is_loaded():
        return
    now = now or timezone.now()
    organisation = Organisation.current()
    organisation.name = "Alder & Birch"
    organisation.contact_email = address("Olga")
    organisation.support_contacts = "Employee assistance, day and night: 0800 000 000\nOccupational health"
    organisation.save()
    dora = _with_role("Dora Lindqvist", RoleGrant.LEAD)
    _with_role("Olga Petrova", RoleGrant.ADMINISTRATOR)
    programme = _programme(dora)
    _running_cohort(programme, dora, now)
    rewording.mark_read(programme, "what-a-session-is", Person.objects.with_address(address("Ada")).get(), True, now)
    _open_cohort(programme, dora, now)
    snapshots.take_when_due(now)
    _send_nothing_of_the_past(now)


def _with_role(name: str, role: str) -> Person:
    person = Person.objects.create_user(address(name), name, team="People")
    RoleGrant.objects.create(person=person, role=role)
    return person


def _programme(lead: Person) -> Programme:
    programme = Programme.objects.create(
        name="Buddying at Alder & Birch",
        template="three-month-buddying",
        purpose="Colleagues from different teams support each other in something that each of them wants to learn.",
        community="Everybody at Alder & Birch, in every office. You need no experience with coaching.",
        ways="You meet about every two weeks for an hour: half of it for you, half for your buddy.",
        roles="You keep your dates and coach each other. Dora pairs you and answers questions; she never reads along.",
        rules="What you say to each other stays between you. Nobody is paired with their own manager.",
        outcomes="Each has moved on with what they work on.\nEach has practised listening and asking.",
        topics=list(USUAL),
        created_by=lead,
    )
    programme.add_lead(lead, added_by=lead)
    return programme


def _cohort(programme: Programme, name: str, start: datetime, lead: Person) -> Cohort:
    day = start.date()
    return Cohort.objects.create(
        programme=programme,
        name=name,
        sign_up_opens_on=day - timedelta(days=28),
        nominations_close_on=day - timedelta(days=7),
        pairs_published_on=day - timedelta(days=4),
        starts_on=day,
        ends_on=day + timedelta(days=91),
        created_by=lead,
    )


def _take_part(cohort: Cohort, row: tuple, at: datetime) -> Participant:
    name, team, department, level, working_on, great_support, hours = row
    person = Person.objects.create_user(
        address(name), name, team=team, department=department, level=level, created_at=at
    )
    _give_hours(person)
    wants, offers = TICKED.get(name.split()[0], ([], []))
    return Participant.objects.create(
        cohort=cohort,
        person=person,
        working_on=working_on,
        great_support=great_support,
        looking_for="Somebody from another team.",
        wants=wants,
        offers=offers,
        hours_per_month=hours,
        added_at=at,
        joined_at=at,
        profile_completed_at=at,
    )


def _give_hours(person: Person) -> None:
    """Mornings for all, and two afternoons that differ from person to person."""
    afternoons = {person.pk % 5, (person.pk + 2) % 5}
    WeeklyWindow.objects.bulk_create(
        [WeeklyWindow(person=person, weekday=day, starts_at=time(9), minutes=150) for day in range(5)]
        + [WeeklyWindow(person=person, weekday=day, starts_at=time(14), minutes=120) for day in afternoons]
    )


def _name(participants: dict[str, Participant], wishes: dict[str, list[str]], at: datetime) -> None:
    for name, wished in wishes.items():
        nominator = participants[name]
        Nomination.objects.bulk_create(
            Nomination(nominator=nominator, nominee=participants[other], rank=rank, named_at=at)
            for rank, other in enumerate(wished, 1)
        )
        Participant.objects.filter(pk=nominator.pk).update(nominated_at=at)


def _running_cohort(programme: Programme, lead: Person, now: datetime) -> None:
    cohort = _cohort(programme, "Autumn", now - timedelta(days=36), lead)
    joined = end_of(cohort.sign_up_opens_on, cohort.zone)
    participants = {row[0].split()[0]: _take_part(cohort, row, joined) for row in AUTUMN}
    for name, manager in MANAGERS.items():
        participants[name].person.manager = participants[manager].person
        participants[name].person.save()
    _name(participants, WISHES, joined + timedelta(days=3))
    for number, participant in enumerate(participants.values()):
        hoped = goal_setting.hoped_for(programme)
        goal_setting.rate(participant, {one.digest: 1 + (number + n) % 3 for n, one in enumerate(hoped)}, at=joined)
    Refusal.objects.create(refuser=participants["Hana"], refused=participants["Ivo"])
    published = end_of(cohort.pairs_published_on, cohort.zone) - timedelta(hours=14)
    run = request_run(cohort, by=lead, at=published)
    execute(run.pk)
    run.refresh_from_db()
    publish(run, by=lead, at=published)
    _practise(cohort, lead, now)
    for number, pairing in enumerate(cohort.pairings.order_by("pk")):
        _live(pairing, number, end_of(cohort.starts_on, cohort.zone), now)


def _practise(cohort: Cohort, lead: Person, now: datetime) -> None:
    """Once before the start, which all but one group have done; and once more, in a week."""
    before = _at_one(end_of(cohort.starts_on, cohort.zone) - timedelta(days=3), cohort)
    again = _at_one(now + timedelta(days=6), cohort)
    for starts_at, place, told_at in (
        (before, "Canteen, after lunch", before - timedelta(days=3)),
        (again, "Room 4 and the rooms beside it", now - timedelta(days=1)),
    ):
        practice = arranging.propose(Practice(starts_at=starts_at, place=place), cohort, by=lead, at=told_at)
        arranging.publish(practice, by=lead, at=told_at)
        for group in list(practice.groups.all())[1:] if starts_at == before else ():
            rounds.finish(group, at=starts_at + timedelta(hours=1))


def _at_one(day: datetime, cohort: Cohort) -> datetime:
    """At one o’clock in the cohort's zone, on this day or the next working day."""
    on = day.astimezone(cohort.zone).date()
    on += timedelta(days=max(0, 7 - on.weekday()) if on.weekday() > 4 else 0)
    return datetime.combine(on, time(13), tzinfo=cohort.zone)


def _live(pairing: Pairing, number: int, at: datetime, now: datetime) -> None:
    """Pairs differ: one has not agreed yet, one has not met, some have met once to three times."""
    if number == 5:
        return
    agreement = agreeing.latest(pairing)
    assert agreement is not None
    for person in pairing.people():
        agreeing.sign(agreement.pairing, agreement, by=person, read_at=agreement.written_at, at=at)
    meetings = (3, 2, 1, 2, 0)[number % 5]
    for meeting in range(meetings):
        _meet(pairing, at + timedelta(days=11 * meeting), meeting)
    if number % 2:
        _book_next(pairing, now)


def _meet(pairing: Pairing, at: datetime, meeting: int) -> None:
    people = pairing.people()
    starts_at = next_free_times(pairing, 60, people[0], at)[0]
    session = book(pairing, starts_at, 60, PLACES[meeting][1], people[0], at, how=PLACES[meeting][0])
    for turn, person in enumerate(people):
        entry = Log(
            SessionLog.HELD,
            coachees=people if meeting % 2 == 0 else people[::-1],
            private_note="I noticed how much easier it is to think aloud." if turn == 0 else "",
            shared_note="We began with last time and stayed with one question." if turn == 0 else "",
            commitments=[COMMITMENTS[(meeting + turn) % 3]],
            done=[commitment.pk for commitment in open_commitments(pairing, person)],
            useful=3 + (person.pk + meeting) % 3,
        )
        log(session, person, entry, at=starts_at + timedelta(minutes=65))
    for check in FitCheck.objects.unanswered().filter(session=session):
        fitting.answer(check, "deciding" if check.person_id % 4 == 0 else "good", at=starts_at + timedelta(hours=3))


def _book_next(pairing: Pairing, now: datetime) -> None:
    person = pairing.people()[0]
    times = next_free_times(pairing, 60, person, now + timedelta(days=2))
    if times:
        book(pairing, times[0], 60, "Room 4", person, now)


def _open_cohort(programme: Programme, lead: Person, now: datetime) -> None:
    cohort = _cohort(programme, "Winter", now + timedelta(days=21), lead)
    participants = {row[0].split()[0]: _take_part(cohort, row, now - timedelta(days=2)) for row in WINTER}
    _name(participants, WINTER_WISHES, now - timedelta(days=1))
    newcomer = Person.objects.create_user(address("Wren"), "Wren Hughes", team="Design")
    Participant.objects.create(cohort=cohort, person=newcomer, joined_at=now)


def _send_nothing_of_the_past(now: datetime) -> None:
    """The demo's mailbox begins empty: what the past would have sent is put aside; reminders to come stay."""
    reconciling.run_all()
    Message.objects.waiting().filter(due_at__lte=timezone.now()).update(
        dropped_at=now, drop_reason=DropReason.WITHDRAWN
    )


def who() -> list[tuple[str, str]]:
    """Address and what that person sees, for whoever starts the demo."""
    pairs = CoachingSession.objects.filter(held_at__isnull=False).exists()
    return [
        (address("Ada"), "takes part: her pair has met" if pairs else "takes part"),
        (address("Wren"), "has just joined and has not filled in her profile"),
        (address("Dora"), "leads the programme and both cohorts"),
        (address("Olga"), "administers"),
    ]
