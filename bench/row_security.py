"""What row-level security costs: the same queries with the policies and without them, in one transaction that is
rolled back. On the database of DATABASE_URL, migrated, as its owner:

    BUDDYING_MODE=test python -m bench.row_security
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

PAIRS = 2_000
NOTES = 10  # of each pair
TRIES = 1_500


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddying.settings")
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        pairings = _fill()
        print(f"{PAIRS * NOTES:,} notes of {PAIRS:,} pairs; {TRIES:,} times each, medians in milliseconds\n")
        print("| query | with policies | without | cost |\n|---|---:|---:|---:|")
        guarded = {name: _median(query) for name, query in _queries(pairings).items()}
        _lift()
        for name, query in _queries(pairings).items():
            free = _median(query)
            print(f"| {name} | {guarded[name]:.3f} | {free:.3f} | {guarded[name] - free:.3f} |")
        print(f"| who acts, told and taken back inside a transaction | {_median(_told(pairings[0])):.3f} | | |")
        transaction.set_rollback(True)


def _fill() -> list[Any]:
    from django.db import connection
    from django.utils import timezone

    from buddying.models import Cohort, Participant, Person, Programme
    from matching.models import Pairing, PairingMember
    from sessions_log.models import CoachingSession, PrivateNote, SharedNote
    from trust.fields import Sealed

    now = timezone.now()
    day, a_week = now.date(), timedelta(days=7)
    programme = Programme.objects.create(name="Bench", template="three-month-buddying", purpose="")
    dates = ("sign_up_opens_on", "nominations_close_on", "pairs_published_on", "starts_on", "ends_on")
    cohort = Cohort.objects.create(
        programme=programme, name="Bench", **{name: day + number * a_week for number, name in enumerate(dates)}
    )
    people = Person.objects.bulk_create(Person(name=f"P{number}") for number in range(2 * PAIRS))
    seats = Participant.objects.bulk_create(Participant(cohort=cohort, person=one, joined_at=now) for one in people)
    pairings = Pairing.objects.bulk_create(Pairing(cohort=cohort, opened_at=now) for _ in range(PAIRS))
    PairingMember.objects.bulk_create(
        PairingMember(pairing=pairings[number // 2], participant=seat, joined_at=now - a_week)
        for number, seat in enumerate(seats)
    )
    sessions = CoachingSession.objects.bulk_create(
        CoachingSession(pairing=pairing, starts_at=now, ends_at=now) for pairing in pairings for _ in range(NOTES)
    )
    text = Sealed(os.urandom(200))
    for number, session in enumerate(sessions):
        session.author = people[2 * (number // NOTES)]
    SharedNote.objects.bulk_create(
        SharedNote(pairing=one.pairing, session=one, author=one.author, text=text) for one in sessions
    )
    PrivateNote.objects.bulk_create(PrivateNote(session=one, author=one.author, text=text) for one in sessions)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [(pairing, people[2 * number]) for number, pairing in enumerate(pairings)]


def _queries(pairings: list[Any]) -> dict[str, Callable[[int], None]]:
    from sessions_log.models import PrivateNote, SharedNote
    from trust.acting import acting_as

    def shared(number: int) -> None:
        pairing, person = pairings[number % PAIRS]
        with acting_as(person), _timed():
            assert len(SharedNote.objects.visible_to(person).filter(pairing=pairing)) == NOTES

    def private(number: int) -> None:
        pairing, person = pairings[number % PAIRS]
        with acting_as(person), _timed():
            assert len(PrivateNote.objects.visible_to(person).filter(session__pairing=pairing)) == NOTES

    return {"the ten shared notes of a pair": shared, "the ten private notes of one person": private}


def _told(who: Any) -> Callable[[int], None]:
    from trust.acting import acting_as

    def tell(number: int) -> None:
        with _timed(), acting_as(who[1]):
            pass

    return tell


class _timed:
    last = 0.0

    def __enter__(self) -> None:
        self.began = time.perf_counter()

    def __exit__(self, *error: object) -> None:
        _timed.last = time.perf_counter() - self.began


def _median(query: Callable[[int], None]) -> float:
    took = []
    for number in range(TRIES):
        query(number)
        took.append(_timed.last * 1000)
    return statistics.median(took)


def _lift() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("sessions_log_sharednote", "sessions_log_privatenote"):
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


if __name__ == "__main__":
    main()
