"""The cohorts of the demo: one on its way, one in its last week, one in which people still sign up."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from buddying.models import Cohort, Nomination, Participant, Person, Programme, Refusal, WeeklyWindow
from buddying.models.programmes import end_of
from equipping import arranging
from equipping.models import Practice
from insights import demo_relationship as relationship
from insights import demo_words as words
from insights.demo_cast import (
    AUTUMN,
    COMMITMENTS,
    MANAGERS,
    SUMMER,
    TICKED,
    WINTER,
    WINTER_WISHES,
    WISHES,
    address,
)
from matching.models import Pairing
from matching.publishing import publish
from matching.running import execute, request_run
from reflection import agreeing, going_on
from reflection.models import EndingWish
from sessions_log.availability import next_free_times
from sessions_log.booking import book
from sessions_log.history import open_commitments
from sessions_log.logs import Log, log
from sessions_log.models import LINK, PLACE, WALK, CoachingSession, SessionLog

STILL_TO_SAY = 3  # the pair that has met once, and has not been asked long enough
PLACES = [(PLACE, "Room 4"), (LINK, ""), (WALK, "from the canteen")]


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


def running_cohort(programme: Programme, lead: Person, now: datetime) -> None:
    cohort = _cohort(programme, "Autumn", now - timedelta(days=36), lead)
    joined = end_of(cohort.sign_up_opens_on, cohort.zone)
    participants = {row[0].split()[0]: _take_part(cohort, row, joined) for row in AUTUMN}
    for name, manager in MANAGERS.items():
        participants[name].person.manager = participants[manager].person
        participants[name].person.save()
    _name(participants, WISHES, joined + timedelta(days=3))
    Refusal.objects.create(refuser=participants["Hana"], refused=participants["Ivo"])
    pairings = _paired(cohort, lead, participants["Ada"].person)
    _practise(cohort, lead, now)
    started = end_of(cohort.starts_on, cohort.zone)
    relationship.learn(programme, [one.person for one in participants.values()], started)
    for number, pairing in enumerate(pairings):
        _live(pairing, number, started, now)
    _further_on(pairings, lead, now)


def _paired(cohort: Cohort, lead: Person, first: Person) -> list[Pairing]:
    """By the matching, as every cohort. The pairing of ``first`` comes first."""
    published = end_of(cohort.pairs_published_on, cohort.zone) - timedelta(hours=14)
    run = request_run(cohort, by=lead, at=published)
    execute(run.pk)
    run.refresh_from_db()
    publish(run, by=lead, at=published)
    return sorted(cohort.pairings.order_by("pk"), key=lambda pairing: first not in pairing.people())


def _further_on(pairings: list[Pairing], lead: Person, now: datetime) -> None:
    """Ada has yet to reflect; another pair has, and changes its agreement; somebody has written to the lead."""
    first, second, third = pairings[:3]
    ada = next(person for person in first.people() if person.email == address("Ada"))
    relationship.reflect(first, now - timedelta(days=2), but_for=ada)
    relationship.reflect(second, now - timedelta(days=3))
    for number, seat in enumerate(second.members.select_related("participant__cohort", "participant__person")):
        relationship.set_goals(seat.participant, number, now - timedelta(days=3), further=3)
    relationship.change_the_rhythm(second, second.people()[0], now - timedelta(days=1))
    relationship.write_in_confidence(third.people()[0], lead, now - timedelta(days=1))


def ending_cohort(programme: Programme, lead: Person, now: datetime) -> None:
    """Its last week: one pair goes on, the other still has to say."""
    cohort = _cohort(programme, "Summer", now - timedelta(days=85), lead)
    joined = end_of(cohort.sign_up_opens_on, cohort.zone)
    for row in SUMMER:
        _take_part(cohort, row, joined)
    pairings = _paired(cohort, lead, Person.objects.with_address(address("Ravi")).get())
    started = end_of(cohort.starts_on, cohort.zone)
    for number, pairing in enumerate(pairings):
        _agree(pairing, started)
        _set_goals(pairing, number, started)
        for meeting in range(5):
            met = _meet(pairing, started + timedelta(days=15 * meeting), meeting)
            relationship.say_how_it_feels(pairing, met.ends_at + timedelta(hours=2))
        relationship.reflect(pairing, started + timedelta(days=50))
        relationship.look_at_it_together(pairing, started + timedelta(days=51))
        _book_next(pairing, now)
        _look_back(pairing, number, now - timedelta(days=3), everybody=number == 1)


def _look_back(pairing: Pairing, number: int, at: datetime, everybody: bool) -> None:
    looking = [person for person in pairing.people() if everybody or person.email != address("Ravi")]
    going_on.thank(pairing, words.THANKS, by=looking[-1], at=at)
    for person in looking:
        going_on.choose(pairing, EndingWish.GO_ON, by=person, at=at)
    for seat in pairing.members.filter(participant__person__in=looking).select_related("participant__cohort"):
        relationship.set_goals(seat.participant, number, at, further=4)


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
            relationship.practise(group, starts_at)


def _at_one(day: datetime, cohort: Cohort) -> datetime:
    """At one o’clock in the cohort's zone, on this day or the next working day."""
    on = day.astimezone(cohort.zone).date()
    on += timedelta(days=max(0, 7 - on.weekday()) if on.weekday() > 4 else 0)
    return datetime.combine(on, time(13), tzinfo=cohort.zone)


def _live(pairing: Pairing, number: int, at: datetime, now: datetime) -> None:
    """Pairs differ: one has not agreed yet, one has not met, some have met once to three times."""
    if number == 5:
        return
    _agree(pairing, at)
    _set_goals(pairing, number, at)
    for meeting in range((3, 3, 2, 1, 0)[number % 5]):
        met = _meet(pairing, at + timedelta(days=11 * meeting), meeting)
        if number != STILL_TO_SAY:
            relationship.say_how_it_feels(pairing, met.ends_at + timedelta(hours=2))
    if number % 2 or not number:
        _book_next(pairing, now)


def _agree(pairing: Pairing, at: datetime) -> None:
    agreement = agreeing.latest(pairing)
    assert agreement is not None
    for person in pairing.people():
        agreeing.sign(agreement.pairing, agreement, by=person, read_at=agreement.written_at, at=at)


def _set_goals(pairing: Pairing, number: int, at: datetime) -> None:
    """One of the first pair has passed it by so far."""
    for place, seat in enumerate(pairing.members.select_related("participant__cohort__programme")):
        if place or number != 4:
            relationship.set_goals(seat.participant, number + place, at)


def _meet(pairing: Pairing, at: datetime, meeting: int) -> CoachingSession:
    people = pairing.people()
    starts_at = next_free_times(pairing, 60, people[0], at)[0]
    how, place = PLACES[meeting % len(PLACES)]
    session = book(pairing, starts_at, 60, place, people[0], at, how=how)
    for turn, person in enumerate(people):
        entry = Log(
            SessionLog.HELD,
            coachees=people if meeting % 2 == 0 else people[::-1],
            private_note=words.PRIVATE[(meeting + turn) % 3],
            shared_note=words.SHARED[meeting % 3] if turn == meeting % 2 else "",
            useful=5 - (meeting + turn + person.pk) % 3,
            commitments=[COMMITMENTS[(2 * meeting + turn + pairing.pk) % len(COMMITMENTS)]],
            done=[commitment.pk for commitment in open_commitments(pairing, person)],
        )
        log(session, person, entry, at=starts_at + timedelta(minutes=65))
    return session


def _book_next(pairing: Pairing, now: datetime) -> None:
    person = pairing.people()[0]
    times = next_free_times(pairing, 60, person, now + timedelta(days=2))
    if times:
        book(pairing, times[0], 60, "Room 4", person, now)


def open_cohort(programme: Programme, lead: Person, now: datetime) -> None:
    cohort = _cohort(programme, "Winter", now + timedelta(days=21), lead)
    participants = {row[0].split()[0]: _take_part(cohort, row, now - timedelta(days=2)) for row in WINTER}
    _name(participants, WINTER_WISHES, now - timedelta(days=1))
    newcomer = Person.objects.create_user(address("Wren"), "Wren Hughes", team="Design")
    Participant.objects.create(cohort=cohort, person=newcomer, joined_at=now)
