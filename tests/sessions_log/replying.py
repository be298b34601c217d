"""Answers as different calendars write them."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

PLAIN = {
    "method": "REPLY",
    "organizer": "ORGANIZER:mailto:buddying@localhost",
    "attendee": "ATTENDEE;PARTSTAT={answer};CN=Ben:mailto:{by}",
    "dtstamp": "20261120T101500Z",
    "more": "",
}


def calendar_of(uid: Any, by: str, answer: str = "ACCEPTED", sequence: int | None = 0, **fields: str) -> str:
    """The text/calendar of an answer."""
    known = PLAIN | fields
    lines = [
        *("BEGIN:VCALENDAR", "PRODID:-//Example//Calendar//EN", "VERSION:2.0", f"METHOD:{known['method']}"),
        *("BEGIN:VEVENT", known["organizer"], f"UID:{uid}"),
        known["attendee"].format(answer=answer, by=by),
        f"SEQUENCE:{sequence}" if sequence is not None else "",
        f"DTSTAMP:{known['dtstamp']}" if known["dtstamp"] else "",
        *("DTSTART:20261123T090000Z", "COMMENT:what nobody keeps", *known["more"].split("\n")),
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    return "\r\n".join(line for line in lines if line) + "\r\n"


def reply(calendar: str, sender: str, **parts: Any) -> EmailMessage:
    """As most mailers send it: words for people beside a part for calendars."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "buddying@localhost", "Accepted: Buddying session"
    mail.set_content("Ben has answered: what nobody keeps.")
    if parts.get("attached"):
        mail.add_attachment(calendar.encode(), maintype="application", subtype="ics", filename="invite.ics")
    else:
        kind = {"method": "REPLY", "charset": "utf-8"} | parts.get("params", {})
        mail.add_alternative(calendar.encode(), maintype="text", subtype="calendar", params=kind)
    return mail
