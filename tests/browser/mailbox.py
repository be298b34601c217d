"""What the product has sent: the files that its mail sink wrote."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path

from icalendar import Calendar, Event

PATIENCE = 60.0


@dataclass(frozen=True)
class Mail:
    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message["To"].addresses[0].addr_spec)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @cached_property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @cached_property
    def everything(self) -> str:
        """Each part that can be read, and the headers."""
        parts = (part for part in self.message.walk() if not part.is_multipart())
        return "\n".join([*map(str, self.message.values()), *(_text(part) for part in parts)])

    def link(self, pattern: str = "") -> str:
        found = [url for url in re.findall(r"https?://[^\s>)]+", self.text) if pattern in url]
        assert found, f"no link with “{pattern}” in:\n{self.text}"
        return found[0]

    @cached_property
    def calendar(self) -> Calendar:
        """The part that calendars read; the file beside it must be the same."""
        parts = [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]
        files = [part for part in self.message.walk() if part.get_filename()]
        assert len(parts) == len(files) == 1, self.message.as_string()[:2000]
        content = parts[0].get_payload(decode=True)
        assert files[0].get_payload(decode=True) == content
        calendar = Calendar.from_ical(content)
        assert parts[0].get_param("method") == calendar["METHOD"]
        return calendar

    @property
    def event(self) -> Event:
        return next(iter(self.calendar.walk("VEVENT")))


def _text(part: EmailMessage) -> str:
    content = part.get_content()
    return content if isinstance(content, str) else bytes(content).decode(errors="replace")


Condition = Callable[[Mail], bool]


def about(subject: str, to: str = "") -> Condition:
    return lambda mail: subject in mail.subject and (not to or mail.to == to)


@dataclass
class Mailbox:
    folder: Path
    _read: dict[str, Mail] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Mail]:
        """Oldest first."""
        for path in sorted(self.folder.glob("*.eml")):
            if path.name not in self._read:
                self._read[path.name] = Mail(message_from_bytes(path.read_bytes(), policy=policy.default))  # type: ignore[arg-type]
            yield self._read[path.name]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def all(self, condition: Condition) -> list[Mail]:
        return [mail for mail in self if condition(mail)]

    def wait_for(self, condition: Condition, count: int = 1, seconds: float = PATIENCE) -> list[Mail]:
        """At least so many; what stands in the box at the deadline is in the error."""
        deadline = time.monotonic() + seconds
        while len(found := self.all(condition)) < count:
            known = "\n".join(f"{mail.to}: {mail.subject}" for mail in self)
            assert time.monotonic() < deadline, f"{len(found)} of {count} mails came in {seconds:.0f} s. All:\n{known}"
            time.sleep(0.05)
        return found
