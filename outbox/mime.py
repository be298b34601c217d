"""From a message and its letter to the bytes of a mail: the same bytes for the same two, on each try."""

from email import policy
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime, parseaddr

from django.conf import settings

from outbox.kinds import Calendar, Letter
from outbox.models import Message
from outbox.unsubscribing import address_for


class AsWritten(UnstructuredHeader, BaseHeader):
    """Never folded or encoded: an address in it must arrive whole, however long it is."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", AsWritten)
POLICY = policy.SMTP.clone(header_factory=HEADERS)


def build(message: Message, letter: Letter) -> bytes:
    mail = EmailMessage(policy=POLICY)
    _write_headers(mail, message, letter)
    mail.set_content(letter.text, cte="quoted-printable")
    if letter.html is not None:
        mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.calendar:
        _add_calendar(mail, letter.calendar)
    _fix_boundaries(mail, message)
    return mail.as_bytes()


def envelope_sender() -> str:
    return _ascii(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def envelope_recipient(message: Message) -> str:
    return _ascii(message.send_to)


def _write_headers(mail: EmailMessage, message: Message, letter: Letter) -> None:
    sender = envelope_sender()
    mail["From"] = Address(parseaddr(settings.DEFAULT_FROM_EMAIL)[0], addr_spec=sender)
    mail["To"] = Address(getattr(message.recipient, "name", ""), addr_spec=envelope_recipient(message))
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(message.dated_at or message.created_at)
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if stop := address_for(message):
        mail["List-Unsubscribe"] = f"<{stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _add_calendar(mail: EmailMessage, calendar: Calendar) -> None:
    """The invitation twice, as calendars expect it: a part to answer and a file to open."""
    # Base64 keeps the lines of the calendar exactly as they were folded.
    mail.add_alternative(
        calendar.content,
        maintype="text",
        subtype="calendar",
        params={"method": calendar.method, "charset": "utf-8"},
    )
    mail.add_attachment(calendar.content, maintype="application", subtype="ics", filename="invite.ics")


def _fix_boundaries(mail: EmailMessage, message: Message) -> None:
    multiparts = (part for part in mail.walk() if part.is_multipart())
    for number, part in enumerate(multiparts):
        part.set_boundary(f"=_{number}_{message.id.hex}")


def _ascii(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}".encode("ascii").decode()
