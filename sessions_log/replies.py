"""Reading answers to invitations out of a mail: RFC 5546 (REPLY) as mails carry it (RFC 6047).

Only who, to what and yes, perhaps or no is read; a comment is not. Mailers differ: Exchange leaves the organizer
out, some write addresses in capitals or with a +tag, some answer by proposing another time (COUNTER). A mail counts
as an answer of the person that it comes from, and of nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import InvalidHeaderDefect
from email.message import EmailMessage
from itertools import islice
from typing import Any
from uuid import UUID

from icalendar import Calendar

METHODS = {"REPLY", "COUNTER"}
ANSWERS = {"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined"}
KINDS = {"text/calendar", "application/ics"}
MOST_BYTES = 200_000
MOST_PARTS = MOST_EVENTS = MOST_ATTENDEES = 10


@dataclass(frozen=True)
class Reply:
    uid: UUID
    address: str
    answer: str
    sequence: int
    said_at: datetime | None


def read(mail: EmailMessage) -> list[Reply]:
    """The answers that stand in it; none where it is something else."""
    sender = _sender(mail)
    if not sender:
        return []
    parts = islice((part for part in mail.walk() if part.get_content_type() in KINDS), MOST_PARTS)
    return list(dict.fromkeys(reply for part in parts for reply in _read_part(part, sender)))


def plain(address: str) -> str:
    """In small letters, its host in ASCII, without a +tag: what two ways to write an address have in common."""
    local, _, host = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{_ascii(host)}"


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _sender(mail: EmailMessage) -> str:
    """Of several, nobody knows who answers; of one that can be read in two ways, neither."""
    lines: Sequence[Any] = mail.get_all("From", [])
    senders = [sender for line in lines for sender in line.addresses]
    ambiguous = any(isinstance(defect, InvalidHeaderDefect) for line in lines for defect in line.defects)
    return senders[0].addr_spec if len(senders) == 1 and not ambiguous else ""


def _read_part(part: Any, sender: str) -> Iterator[Reply]:
    calendar = _calendar(part)
    if calendar and str(calendar.get("method", "")).upper() in METHODS:
        for event in islice(calendar.walk("VEVENT"), MOST_EVENTS):
            yield from _read_event(event, sender)


def _calendar(part: Any) -> Any:
    content = part.get_payload(decode=True) or b""
    if len(content) > MOST_BYTES:
        return None
    try:
        return Calendar.from_ical(_text(content, part.get_content_charset("utf-8")))
    except ValueError:
        return None


def _text(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, errors="replace")
    except LookupError:
        return content.decode(errors="replace")


def _read_event(event: Any, sender: str) -> Iterator[Reply]:
    attendees = event.get("attendee") or []
    for attendee in islice(attendees if isinstance(attendees, list) else [attendees], MOST_ATTENDEES):
        answer, address = ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper()), _address(attendee)
        if answer and plain(address) == plain(sender) and (uid := _uid(event)):
            yield Reply(uid, address, answer, int(event.get("sequence", 0)), _moment(event.get("dtstamp")))


def _uid(event: Any) -> UUID | None:
    try:
        return UUID(str(event.get("uid", "")))
    except ValueError:
        return None


def _address(attendee: Any) -> str:
    """Some calendars name people by a number, and their address beside it."""
    scheme, _, address = str(attendee).rpartition(":")
    return address if scheme.lower() in ("", "mailto") else str(attendee.params.get("EMAIL", ""))


def _moment(stamp: Any) -> datetime | None:
    try:
        said_at = stamp.dt
    except (AttributeError, ValueError):
        return None
    if not isinstance(said_at, datetime):
        return None
    return said_at if said_at.tzinfo else said_at.replace(tzinfo=UTC)
