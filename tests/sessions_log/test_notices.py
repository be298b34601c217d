"""What is posted when, and what is written when it is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar

from buddying.models import Participant, Person
from matching.models import Pairing
from outbox import delivery
from outbox.kinds import kind_of
from outbox.models import DropReason, Message
from sessions_log import notices
from sessions_log.booking import book, cancel, move
from sessions_log.models import CoachingSession

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def booked(pairing: Pairing, ada: Person, now: datetime) -> CoachingSession:
    return book(pairing, now + 3 * DAY, 60, "Room 4", by=ada, at=now)


def waiting(**lookups: Any) -> list[tuple[str, str]]:
    rows = Message.objects.waiting().filter(**lookups).order_by("kind", "recipient__name", "due_at")
    return list(rows.values_list("kind", "recipient__name"))


def the_message(kind: str, person: Person, **lookups: Any) -> Message:
    return Message.objects.waiting().get(kind=kind, recipient=person, **lookups)


def test_a_booking_posts_all_it_will_ever_say(booked: CoachingSession, now: datetime) -> None:
    assert waiting() == [
        ("log_your_session", "Ada"),
        ("log_your_session", "Ben"),
        ("session_booked", "Ada"),
        ("session_booked", "Ben"),
        ("session_reminder", "Ada"),
        ("session_reminder", "Ada"),
        ("session_reminder", "Ben"),
        ("session_reminder", "Ben"),
    ]


def test_each_row_has_its_key_and_its_time(booked: CoachingSession, ada: Person, now: datetime) -> None:
    start, end, pk = booked.starts_at, booked.ends_at, booked.pk
    rows = Message.objects.filter(recipient=ada).order_by("due_at")
    assert list(rows.values_list("key", "due_at", "expires_at")) == [
        (f"session_booked:{pk}:0:{ada.pk}", now, start),
        (f"session_reminder:{pk}:0:{ada.pk}:day", start - DAY, start - HOUR),
        (f"session_reminder:{pk}:0:{ada.pk}:hour", start - HOUR, start),
        (f"log_your_session:{pk}:0:{ada.pk}", end + notices.LOG_AFTER, end + notices.LOG_UNTIL),
    ]
    assert all(
        params == {"sequence": 0} | ({"reminder": params["reminder"]} if "reminder" in params else {})
        for params in rows.values_list("params", flat=True)
    )


@pytest.mark.parametrize(
    ("ahead", "reminders"),
    [(27 * HOUR, ["day", "hour"]), (25 * HOUR, ["hour"]), (2 * HOUR, ["hour"]), (HOUR, [])],
)
def test_a_reminder_needs_some_distance_from_the_booking(
    pairing: Pairing, ada: Person, now: datetime, ahead: timedelta, reminders: list[str]
) -> None:
    book(pairing, now + ahead, 60, "", by=ada, at=now)
    rows = Message.objects.filter(kind="session_reminder", recipient=ada).order_by("due_at")
    assert [params["reminder"] for params in rows.values_list("params", flat=True)] == reminders


def test_a_move_withdraws_the_old_and_posts_the_new(
    booked: CoachingSession, ada: Person, ben: Person, now: datetime
) -> None:
    before = set(Message.objects.values_list("pk", flat=True))
    move(booked, now + 5 * DAY, 60, "Room 4", by=ben, at=now + HOUR)
    assert set(Message.objects.filter(pk__in=before).values_list("drop_reason", flat=True)) == {"withdrawn"}
    assert waiting(recipient=ada) == [
        ("log_your_session", "Ada"),
        ("session_moved", "Ada"),
        ("session_reminder", "Ada"),
        ("session_reminder", "Ada"),
    ]
    assert set(Message.objects.waiting().values_list("params__sequence", flat=True)) == {1}


def test_a_cancellation_leaves_only_itself(booked: CoachingSession, ben: Person, now: datetime) -> None:
    cancel(booked, by=ben, at=now + HOUR)
    assert waiting() == [("session_cancelled", "Ada"), ("session_cancelled", "Ben")]


def test_a_session_with_a_like_number_keeps_its_messages(
    booked: CoachingSession, pairing: Pairing, ada: Person, now: datetime
) -> None:
    other = book(pairing, now + 4 * DAY, 60, "", by=ada, at=now)
    CoachingSession.objects.filter(pk=booked.pk).update(sequence=0)
    cancel(booked, by=ada, at=now)
    assert Message.objects.waiting().filter(about_id=str(other.pk)).count() == 8


def test_the_reconciler_puts_back_what_was_lost(booked: CoachingSession, now: datetime) -> None:
    everything = set(Message.objects.values_list("key", "due_at", "expires_at"))
    Message.objects.all().delete()
    notices.put_back_what_is_missing(at=now)
    notices.put_back_what_is_missing(at=now)
    assert set(Message.objects.values_list("key", "due_at", "expires_at")) == everything


def test_the_reconciler_brings_nothing_back_to_life(booked: CoachingSession, ada: Person, now: datetime) -> None:
    cancel(booked, by=ada, at=now)
    notices.put_back_what_is_missing(at=now)
    assert waiting() == [("session_cancelled", "Ada"), ("session_cancelled", "Ben")]


def test_the_reconciler_takes_few_queries(
    booked: CoachingSession, pairing: Pairing, ada: Person, now: datetime, django_assert_num_queries: Any
) -> None:
    """Two to read all sessions with their people, one transaction of one insert for each session."""
    with django_assert_num_queries(3):
        notices.put_back_what_is_missing(at=now)
    for days in (4, 5):
        book(pairing, now + days * DAY, 60, "", by=ada, at=now)
    with django_assert_num_queries(5):
        notices.put_back_what_is_missing(at=now)


# --- what is written


def compose(message: Message) -> Any:
    message.dated_at = message.dated_at or timezone.now()
    with timezone.override(message.recipient.zone):
        return kind_of(message.kind).compose(message)


def event(letter: Any) -> Any:
    calendar = Calendar.from_ical(letter.calendar.content)
    assert str(calendar["method"]) == letter.calendar.method
    (found,) = calendar.walk("VEVENT")
    return found


def test_the_invitation(booked: CoachingSession, ada: Person, ben: Person) -> None:
    ben.time_zone = "America/New_York"
    ben.save()
    letter = compose(the_message("session_booked", ben))
    local = booked.starts_at.astimezone(ben.zone)
    assert letter.subject == f"Session with Ada: {local:%A} {local.day} {local:%B}, {local:%H:%M}"
    for body in (letter.text, letter.html):
        assert "Ada has booked a session with you." in body
        assert f"{local:%H:%M}–" in body
        assert "(America/New_York time)" in body
        assert "Where: Room 4" in body
        assert f"/sessions/{booked.pk}/" in body
    assert letter.calendar.method == "REQUEST"
    assert event(letter)["attendee"] == "mailto:ben@example.org"
    diary = letter.calendar.content.decode().lower().replace(str(booked.uid), "")  # hex digits can spell a name
    assert "ada" not in diary


def test_who_books_is_invited_too(booked: CoachingSession, ada: Person) -> None:
    letter = compose(the_message("session_booked", ada))
    assert "You have booked a session with Ben." in letter.text
    assert letter.calendar.method == "REQUEST"
    assert event(letter)["attendee"].params["RSVP"] == "TRUE"


def test_names_are_not_escaped_in_text_and_are_in_html(booked: CoachingSession, ada: Person, ben: Person) -> None:
    ada.name = "Ada <O’Brien> & Co"
    ada.save()
    letter = compose(the_message("session_booked", ben))
    assert "Ada <O’Brien> & Co" in letter.subject
    assert "Ada <O’Brien> & Co has booked" in letter.text
    assert "Ada &lt;O’Brien&gt; &amp; Co has booked" in letter.html


def test_a_move_is_a_request_with_a_higher_sequence(
    booked: CoachingSession, ada: Person, ben: Person, now: datetime
) -> None:
    first = event(compose(the_message("session_booked", ada)))
    move(booked, now + 4 * DAY, 90, "Park", by=ben, at=now)
    letter = compose(the_message("session_moved", ada))
    assert "Ben has changed your session. It is now:" in letter.text
    assert letter.calendar.method == "REQUEST"
    second = event(letter)
    assert (first["uid"], first["sequence"]) == (second["uid"], 0)
    assert second["sequence"] == 1
    assert second.start == now + 4 * DAY
    assert "You have changed your session" in compose(the_message("session_moved", ben)).text


def invitations_went_out(at: datetime) -> None:
    Message.objects.filter(kind="session_booked").update(sent_at=at, dated_at=at)


def test_what_nobody_was_told_of_needs_no_cancellation(
    booked: CoachingSession, ada: Person, ben: Person, now: datetime
) -> None:
    cancel(booked, by=ben, at=now)
    message = the_message("session_cancelled", ada)
    assert kind_of(message.kind).compose(message) is None


def test_an_invitation_that_may_have_left_with_a_sender_who_died_is_taken_back(
    booked: CoachingSession, ada: Person, ben: Person, now: datetime
) -> None:
    """The mail server may have taken it; the row does not say."""
    Message.objects.claim(20, now)
    cancel(booked, by=ben, at=now)
    message = the_message("session_cancelled", ada)
    assert kind_of(message.kind).compose(message) is not None


def test_a_cancellation_takes_it_out_of_the_calendar(
    booked: CoachingSession, ada: Person, ben: Person, now: datetime
) -> None:
    invitations_went_out(now)
    cancel(booked, by=ben, at=now)
    letter = compose(the_message("session_cancelled", ada))
    assert letter.calendar.method == "CANCEL"
    assert (event(letter)["uid"], event(letter)["sequence"]) == (str(booked.uid), 1)
    assert event(letter)["status"] == "CANCELLED"
    assert letter.subject.startswith("Cancelled: session with Ben")
    assert f"/pairings/{booked.pairing_id}/sessions/new/" in letter.text


def test_after_a_closure_no_other_time_is_offered(booked: CoachingSession, ada: Person) -> None:
    from sessions_log.booking import cancel_what_stands_in_closed_pairings

    invitations_went_out(timezone.now())
    booked.pairing.close()
    cancel_what_stands_in_closed_pairings()
    letter = compose(the_message("session_cancelled", ada))
    assert letter.calendar.method == "CANCEL"
    assert "sessions/new" not in letter.text + letter.html


def test_a_reminder_carries_no_calendar(booked: CoachingSession, ada: Person) -> None:
    letter = compose(the_message("session_reminder", ada, params__reminder="hour"))
    assert letter.subject.startswith("Coming up: session with Ben, ")
    assert letter.calendar is None


ALL = ["session_booked", "session_reminder", "log_your_session"]


@pytest.mark.parametrize("kind", ALL)
def test_nothing_is_said_of_a_session_that_has_changed(booked: CoachingSession, ada: Person, kind: str) -> None:
    message = Message.objects.filter(kind=kind, recipient=ada).first()
    assert message
    assert compose(message)
    CoachingSession.objects.update(sequence=1)
    assert compose(message) is None


@pytest.mark.parametrize("kind", ALL)
def test_nothing_is_said_of_a_cancelled_session(booked: CoachingSession, ada: Person, kind: str, now: datetime) -> None:
    message = Message.objects.filter(kind=kind, recipient=ada).first()
    CoachingSession.objects.update(cancelled_at=now)
    assert compose(message) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ALL)
def test_nothing_is_said_in_a_closed_pairing(booked: CoachingSession, ada: Person, kind: str) -> None:
    message = Message.objects.filter(kind=kind, recipient=ada).first()
    booked.pairing.close()
    assert compose(message) is None  # type: ignore[arg-type]


def test_nobody_who_left_a_trio_is_written_to(
    participants: dict[str, Participant],
    ada: Person,
    cleo: Person,
    now: datetime,
    make_pairing: Callable[..., Pairing],
) -> None:
    trio = make_pairing(*participants.values())
    book(trio, now + 2 * DAY, 60, "", by=ada, at=now)
    message = the_message("session_booked", cleo)
    assert "Ada has booked" in compose(message).text
    trio.members.filter(participant=participants["Cleo"]).update(left_at=now)
    assert compose(message) is None


@pytest.mark.parametrize("field", ["held_at", "missed_at"])
def test_nobody_is_asked_to_log_what_is_logged(booked: CoachingSession, ada: Person, field: str, now: datetime) -> None:
    message = the_message("log_your_session", ada)
    assert "Did it take place?" in compose(message).text
    CoachingSession.objects.update(**{field: now})
    assert compose(message) is None


def test_no_reminder_after_its_time(booked: CoachingSession, ada: Person) -> None:
    start = booked.starts_at
    day = the_message("session_reminder", ada, params__reminder="day")
    hour = the_message("session_reminder", ada, params__reminder="hour")
    assert isinstance(delivery.write(day, start - HOUR - timedelta(seconds=1)), bytes)
    assert delivery.write(day, start - HOUR) == DropReason.TOO_LATE
    assert isinstance(delivery.write(hour, start - timedelta(seconds=1)), bytes)
    assert delivery.write(hour, start) == DropReason.TOO_LATE


@pytest.mark.parametrize("kind", ["session_booked", "session_moved", "session_cancelled"])
def test_a_second_try_sends_the_same_bytes(booked: CoachingSession, ada: Person, now: datetime, kind: str) -> None:
    if kind == "session_moved":
        move(booked, now + 4 * DAY, 60, "", by=ada, at=now)
    if kind == "session_cancelled":
        invitations_went_out(now)
        cancel(booked, by=ada, at=now)
    message = the_message(kind, ada)
    message.dated_at = now - HOUR
    first = delivery.write(message, now)
    assert isinstance(first, bytes)
    assert delivery.write(message, now + HOUR) == first
    mail = message_from_bytes(first, policy=policy.default)
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    assert part.get_param("method") in part.get_content()
    assert f"DTSTAMP:{now - HOUR:%Y%m%dT%H%M%SZ}" in part.get_content()


def test_no_mail_holds_what_people_wrote(over: CoachingSession, ada: Person, ben: Person, now: datetime) -> None:
    from sessions_log.logs import Log, log

    log(over, ada, Log("held", [ada, ben], "SECRET-1", "SECRET-2", ["SECRET-3"]))
    session = book(over.pairing, now + 3 * DAY, 60, "", by=ada, at=now)
    for message in Message.objects.filter(about_id=str(session.pk)):
        letter = compose(message)
        assert "SECRET" not in letter.subject + letter.text + letter.html
    assert "SECRET" not in str(list(Message.objects.values()))
