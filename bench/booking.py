"""Many people after the same hours: booking as the product does it, and the constraint alone.

    python -m bench.booking                       the table in docs/architecture.md, and 100,000 tries
    python -m bench.booking --rounds 10 --tries 5000

Processes, not threads, on a real PostgreSQL: that of DATABASE_URL (a database of its own is made beside it and
dropped again), else one that is started for it. In each round twenty people want one hour of the same person, at
the same moment; each is in a pairing of their own with that person. Then twenty sessions of
seven people move about among a few hours, all at once. The rival writes the same rows without taking
the locks first, and leaves order to the exclusion constraint. A time is that of one answer: from asking until the
transaction has ended, whether it booked or not. "booking.book" is the verb itself, which also checks, posts
the invitations and, to those who lose, works out the next free times.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = 20
LIMIT_MS = 100.0  # for 99 of 100 answers where one hour is wanted by all
LOAD = os.getloadavg()
PATIENCE = 600  # seconds that processes wait for each other
WITH_LOCKS, ALONE, VERB = "locks, then the constraint", "constraint alone", "booking.book"


@dataclass
class Outcome:
    """What became of the tries; ``seconds`` each answer took."""

    seconds: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def add(self, other: Outcome) -> None:
        self.seconds += other.seconds
        self.answers += other.answers

    def at(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


# -- one try ---------------------------------------------------------------------------------------


def booked(way: str, pairing: Any, by: Any, starts_at: datetime) -> None:
    from sessions_log import booking, seats

    meeting, now = seats.Meeting(starts_at, 60), datetime.now(UTC)
    if way == VERB:
        booking.book(pairing, starts_at, 60, "", by)
    elif way == WITH_LOCKS:
        seats.take(pairing, seats.locked(pairing), meeting, by, now)
    else:
        seats.insert(pairing, pairing.people(), meeting, by, now)


def moved(way: str, session: Any, by: Any, starts_at: datetime) -> None:
    from sessions_log import seats

    meeting, now = seats.Meeting(starts_at, 60), datetime.now(UTC)
    if way == WITH_LOCKS:
        seats.shift(session, seats.locked(session.pairing, session), meeting, now)
    else:
        session.refresh_from_db()
        seats.rewrite(session, session.pairing.people(), meeting, now)


def timed(act: Callable[..., None], way: str, *arguments: Any) -> Outcome:
    from django.db import OperationalError, transaction

    from sessions_log import booking, seats

    began, answer = time.perf_counter(), "done"
    try:
        with transaction.atomic():
            act(way, *arguments)
    except (seats.Overlap, booking.TimeTaken):
        answer = "taken"
    except OperationalError as error:
        answer = "deadlock" if "deadlock" in str(error) else "lock timeout"
    except booking.Refused:
        answer = "lock timeout"
    return Outcome([time.perf_counter() - began], Counter([answer]))


# -- processes -------------------------------------------------------------------------------------


def in_processes(work: Callable[..., Outcome], arguments: list[tuple[Any, ...]]) -> Outcome:
    """Each set of arguments in a process of its own, all let go at once; nobody shares a connection."""
    from django.db import connection

    connection.close()
    context = get_context("fork")
    together, answers = context.Barrier(len(arguments)), context.SimpleQueue()

    def run(one: tuple[Any, ...]) -> None:
        answers.put(work(together, *one))

    children = [context.Process(target=run, args=(one,)) for one in arguments]
    for child in children:
        child.start()
    found = Outcome()
    for _ in children:
        found.add(answers.get())
    for child in children:
        child.join()
    return found


def one_of_twenty(together: Any, way: str, pairing: Any, by: Any, starts: list[datetime]) -> Outcome:
    found = Outcome()
    warm(booked, way, pairing, by)
    for starts_at in starts:
        together.wait(PATIENCE)
        found.add(timed(booked, way, pairing, by, starts_at))
    return found


def one_who_moves(together: Any, way: str, session: Any, seed: int, starts: list[datetime], rounds: int) -> Outcome:
    chance, found = random.Random(seed), Outcome()
    warm(moved, way, session, None)
    session.refresh_from_db()
    together.wait(PATIENCE)
    for _ in range(rounds):
        found.add(timed(moved, way, session, None, chance.choice(starts)))
    return found


def one_of_many(together: Any, seed: int, pairings: list[Any], starts: list[datetime], tries: int) -> Outcome:
    """Whoever wants whatever hour, over and over."""
    chance, found = random.Random(seed), Outcome()
    people = {pairing.pk: pairing.people() for pairing in pairings}
    together.wait(PATIENCE)
    for _ in range(tries):
        pairing = chance.choice(pairings)
        found.add(timed(booked, WITH_LOCKS, pairing, chance.choice(people[pairing.pk]), chance.choice(starts)))
    return found


def warm(act: Callable[..., None], way: str, row: Any, by: Any) -> None:
    """A process that has been running for a while: its connection is open, its queries have been made before."""
    from django.db import transaction

    own_hour = datetime.now(UTC) + timedelta(days=200, hours=2 * row.pk)
    for _ in range(3):
        with transaction.atomic():
            act(way, row, by, own_hour)
            transaction.set_rollback(True)


# -- the people ------------------------------------------------------------------------------------


def one_wanted_by_all(rivals: int) -> list[tuple[Any, Any]]:
    """Pairings of one person with each of the rivals, and the rival."""
    from buddying.models import Person

    shared = Person.objects.create_user("shared@example.org", "Shared")
    others = [Person.objects.create_user(f"rival{number}@example.org", f"Rival {number}") for number in range(rivals)]
    return [(pair(shared, other), other) for other in others]


def a_company(size: int) -> list[Any]:
    """Everybody paired with everybody, each in a cohort of its own."""
    from buddying.models import Person

    people = [Person.objects.create_user(f"p{number}@example.org", f"Person {number}") for number in range(size)]
    return [pair(one, other) for number, one in enumerate(people) for other in people[:number]]


def pair(*people: Any) -> Any:
    from buddying.models import Cohort, Participant, Programme, WeeklyWindow
    from matching.models import Pairing, PairingMember

    now = datetime.now(UTC)
    programme, _ = Programme.objects.get_or_create(name="Bench", defaults={"template": "bench", "purpose": "Bench"})
    days = [now.date() + timedelta(days=number) for number in (-40, -20, -15, -10, 400)]
    names = ("sign_up_opens_on", "nominations_close_on", "pairs_published_on", "starts_on", "ends_on")
    cohort = Cohort.objects.create(programme=programme, name="Bench", **dict(zip(names, days, strict=True)))
    pairing = Pairing.objects.create(cohort=cohort)
    for person in people:
        member = Participant.objects.create(cohort=cohort, person=person, joined_at=now)
        PairingMember.objects.create(pairing=pairing, participant=member)
        if not person.windows.exists():
            WeeklyWindow.objects.bulk_create(
                WeeklyWindow(person=person, weekday=day, starts_at="09:00", minutes=540) for day in range(5)
            )
    return pairing


def hours(count: int, step: timedelta) -> list[datetime]:
    first = (datetime.now(UTC) + timedelta(days=30)).replace(minute=0, second=0, microsecond=0)
    return [first + number * step for number in range(count)]


# -- what is measured --------------------------------------------------------------------------------


def the_same_hour(way: str, rounds: int) -> Outcome:
    """Each round is another hour, and has just one winner."""
    empty()
    starts = hours(rounds, timedelta(hours=2))
    rivals = one_wanted_by_all(PEOPLE)
    found = in_processes(one_of_twenty, [(way, pairing, by, starts) for pairing, by in rivals])
    check_no_overlaps()
    if way != ALONE and found.answers["done"] != rounds:
        raise SystemExit(f"{way}: {found.answers['booked']} bookings in {rounds} rounds")
    return found


def all_move_about(way: str, rounds: int) -> Outcome:
    """Everybody of seven has sessions with everybody, all of which move about among a few hours."""
    from sessions_log import seats

    empty()
    pairings, starts = a_company(7)[:PEOPLE], hours(2 * PEOPLE, timedelta(hours=1))
    sessions = [
        seats.insert(one, one.people(), seats.Meeting(start, 60), one.people()[0], datetime.now(UTC))
        for one, start in zip(pairings, starts[PEOPLE:], strict=True)
    ]
    movers = [(way, session, seed, starts[:12], rounds) for seed, session in enumerate(sessions)]
    found = in_processes(one_who_moves, movers)
    check_no_overlaps()
    return found


def everybody_at_once(tries: int, processes: int = PEOPLE) -> Outcome:
    empty()
    pairings, starts = a_company(16), hours(400, timedelta(minutes=30))
    each = tries // processes
    return in_processes(one_of_many, [(seed, pairings, starts, each) for seed in range(processes)])


def check_no_overlaps() -> int:
    """Asked of the rows themselves, without the constraint's help; returns how many seats were compared."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM sessions_log_seat a JOIN sessions_log_seat b ON a.person_id = b.person_id "
            "AND a.id < b.id AND lower(a.period) < upper(b.period) AND lower(b.period) < upper(a.period) "
            "WHERE a.released_at IS NULL AND b.released_at IS NULL"
        )
        (overlaps,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM sessions_log_seat WHERE released_at IS NULL")
        (taken,) = cursor.fetchone()
    if overlaps:
        raise SystemExit(f"{overlaps} seats overlap")
    return int(taken)


def empty() -> None:
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


# -- the table ---------------------------------------------------------------------------------------


@dataclass
class Line:
    what: str
    way: str
    rounds: int
    outcome: Outcome

    def row(self, ours: Outcome) -> str:
        one = self.outcome
        lost = one.answers["deadlock"] + one.answers["lock timeout"]
        times = " | ".join(f"{one.at(share):,.1f}" for share in (0.5, 0.99, 1.0))
        said = f"{one.answers['done']:,} | {one.answers['taken']:,} | {lost:,}"
        return f"| {self.what} | {self.way} | {self.rounds} | {said} | {times} | {one.at(0.99) / ours.at(0.99):,.1f} |"


def table(lines: list[Line]) -> str:
    ours = {line.what: line.outcome for line in lines if line.way == WITH_LOCKS}
    head = [
        "| what | way | rounds | done | told “taken” | deadlocks | p50, ms | p99, ms | longest, ms | p99, times ours |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    return "\n".join(head + [line.row(ours[line.what]) for line in lines])


def all_lines(rounds: int) -> Iterator[Line]:
    for way in (WITH_LOCKS, ALONE, VERB):
        yield Line("one hour, wanted by 20", way, rounds, the_same_hour(way, rounds))
    for way in (WITH_LOCKS, ALONE):
        yield Line("20 sessions of 7 people, moved at once", way, rounds, all_move_about(way, rounds))


def measure(rounds: int, tries: int) -> int:
    lines = list(all_lines(rounds))
    print(table(lines), f"\nLoad before: {LOAD[0]:.1f}; {os.cpu_count()} processors.", sep="\n", flush=True)
    if tries:
        print(f"\n{many_tries(tries)}")
    ours = [line.outcome for line in lines if line.way == WITH_LOCKS]
    lost = sum(one.answers["deadlock"] + one.answers["lock timeout"] for one in ours)
    if lost or ours[0].at(0.99) > LIMIT_MS:
        print(f"Not good enough: {lost} deadlocks, p99 {ours[0].at(0.99):.0f} ms.", file=sys.stderr)
        return 1
    return 0


def many_tries(tries: int) -> str:
    began = time.perf_counter()
    found = everybody_at_once(tries)
    seconds, seats = time.perf_counter() - began, check_no_overlaps()
    said = ", ".join(f"{count:,} {answer}" for answer, count in sorted(found.answers.items()))
    return (
        f"{len(found.seconds):,} tries by {PEOPLE} processes in {seconds:,.0f} s: {said}; "
        f"p50 {found.at(0.5):.1f} ms, p99 {found.at(0.99):.1f} ms; {seats:,} seats, 0 overlaps."
    )


# -- a database ----------------------------------------------------------------------------------------


@contextmanager
def database_of_its_own() -> Iterator[None]:
    import django
    import psycopg2
    from django.core.management import call_command

    given = urlsplit(os.environ["DATABASE_URL"])
    name = f"{unquote(given.path[1:])}_bench_booking"
    os.environ["DATABASE_URL"] = given._replace(path=f"/{quote(name)}").geturl()

    def ask(*statements: str) -> None:
        line = psycopg2.connect(given._replace(path="/postgres").geturl())
        line.autocommit = True
        with line.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        line.close()

    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    ask(drop, f'CREATE DATABASE "{name}"')
    try:
        django.setup()
        call_command("migrate", verbosity=0)
        from sessions_log import booking

        booking.booking_conditions.clear()  # whether an agreement is signed is another matter
        yield
    finally:
        from django.db import connection

        connection.close()
        ask(drop)


def with_a_server_of_its_own(arguments: list[str]) -> int:
    sys.path.insert(0, str(ROOT / "bin"))
    from _stack import testing

    with testing.scratch() as folder, testing.servers(folder) as environment:
        command = [sys.executable, "-m", "bench.booking", *arguments]
        return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description="Many people after the same hours.")
    parser.add_argument("--rounds", type=int, default=100, help="how often each")
    parser.add_argument("--tries", type=int, default=100_000, help="of everybody for any hour; 0 for none")
    options = parser.parse_args()
    if "DATABASE_URL" not in os.environ:
        return with_a_server_of_its_own(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddying.settings")
    with database_of_its_own():
        return measure(options.rounds, options.tries)


if __name__ == "__main__":
    sys.exit(main())
