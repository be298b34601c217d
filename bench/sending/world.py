"""Pairs with sessions tomorrow, whose reminders of the day before are all due now."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

SESSIONS_A_PAIR = 50
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make(reminders: int) -> None:
    """People, pairs and booked sessions, by rows: two reminders a session."""
    from sessions_log.models import CoachingSession, Seat

    pairings = _pairings(max(1, reminders // 2 // SESSIONS_A_PAIR))
    now = timezone.now()
    rows = []
    for pairing in pairings:
        for number in range(SESSIONS_A_PAIR):
            start = now + 8 * HOUR + number * timedelta(minutes=15)
            rows.append(
                CoachingSession(
                    pairing=pairing, starts_at=start, ends_at=start + 15 * timedelta(minutes=1), minutes=15,
                    place="Room 4", booked_at=now - 3 * DAY, arranged_at=now - 3 * DAY,
                )
            )  # fmt: skip
    CoachingSession.objects.bulk_create(rows, batch_size=2000)
    Seat.objects.bulk_create(
        [
            Seat(session=row, person=member.participant.person, period=(row.starts_at, row.ends_at))
            for row in rows
            for member in row.pairing.members.all()
        ],
        batch_size=2000,
    )


def _pairings(number: int):  # type: ignore[no-untyped-def]
    from buddying.models import Cohort, Participant, Person, Programme
    from matching.models import Pairing, PairingMember

    today, now = timezone.now().date(), timezone.now()
    lead = Person.objects.create_user("lead@example.org", "Lead")
    programme = Programme.objects.create(
        name="Buddies", template="three-month-buddying", purpose="Learn.", created_by=lead
    )
    cohort = Cohort.objects.create(
        programme=programme, name="Spring", sign_up_opens_on=today - 40 * DAY, nominations_close_on=today - 30 * DAY,
        pairs_published_on=today - 25 * DAY, starts_on=today - 20 * DAY, ends_on=today + 60 * DAY,
    )  # fmt: skip
    names = [f"Person {n}" for n in range(2 * number)]
    people = Person.objects.bulk_create([Person(name=name, email=f"{name[7:]}@example.org") for name in names])
    seats = Participant.objects.bulk_create([Participant(cohort=cohort, person=one, joined_at=now) for one in people])
    pairings = Pairing.objects.bulk_create([Pairing(cohort=cohort, opened_at=now - 20 * DAY) for _ in range(number)])
    PairingMember.objects.bulk_create(
        PairingMember(pairing=pairings[n // 2], participant=seat, joined_at=now - 20 * DAY)
        for n, seat in enumerate(seats)
    )
    return Pairing.objects.prefetch_related("members__participant__person")


def post_anew(reminders: int) -> set[str]:
    """The numbers of the messages that are due now, ``reminders`` of them. Everything else was sent long ago."""
    from outbox.models import Message
    from sessions_log import notices

    Message.objects.all().delete()
    notices.put_back_what_is_missing()
    now = timezone.now()
    due = Message.objects.filter(kind="session_reminder", due_at__lte=now).order_by("id")[:reminders]
    wanted = list(due.values_list("id", flat=True))
    Message.objects.exclude(id__in=wanted).filter(due_at__lte=now).update(sent_at=now, dated_at=now)
    return {str(number) for number in wanted}
