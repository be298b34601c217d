"""What stands in the database after pairings have changed, in words for tests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connection

from buddying.models import Cohort, Participant, Person
from matching.models import Pairing, PairingMember, Waiting
from outbox.kinds import kind_of
from outbox.models import Message


def pairing_of(participant: Participant) -> Pairing:
    return Pairing.objects.get(members__participant=participant, members__left_at=None)


def groups(cohort: Cohort) -> list[list[str]]:
    """Who sits together now, by name."""
    return sorted(sorted(map(str, pairing.people())) for pairing in Pairing.objects.live().filter(cohort=cohort))


def waits(cohort: Cohort) -> dict[str, str]:
    """Who waits, and why."""
    rows = Waiting.objects.open().filter(participant__cohort=cohort).select_related("participant__person")
    return {str(wait.participant): wait.reason for wait in rows}


def told(kind: str) -> list[str]:
    return sorted(message.recipient.name for message in Message.objects.filter(kind=kind).select_related("recipient"))


def letter_to(person: Person, kind: str) -> Any:
    message = Message.objects.filter(kind=kind, recipient=person).latest("created_at")
    return kind_of(kind).compose(message)


def nobody_is_lost(cohort: Cohort) -> bool:
    """Everybody present sits in one pairing or waits, and nobody does both; whoever left does neither."""
    for participant in cohort.participants.all():
        seats = PairingMember.objects.filter(participant=participant, left_at=None, pairing__closed_at=None).count()
        places = seats + Waiting.objects.open().filter(participant=participant).count()
        if places != (1 if participant.is_present else 0):
            return False
    stranded = PairingMember.objects.filter(left_at=None, pairing__closed_at__isnull=False)
    sizes = [len(group) for group in groups(cohort)]
    return not stranded.exists() and all(size in (2, 3) for size in sizes)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """What each call returned or raised, all called at the same moment."""
    answers: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def work(number: int) -> None:
        close_old_connections()
        start.wait()
        try:
            answers[number] = calls[number]()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
