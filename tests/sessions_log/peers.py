"""What stands at the other end: a CalDAV server (Radicale) and a calendar program (khal), synced by vdirsyncer."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from _stack.ports import LOOPBACK, answers, free_port
from icalendar import Calendar, Event

PROGRAMS = Path(sys.executable).parent
SEEN = "{uid} {start-long} {end-long} {title} [{location}] {status}"

KHAL = """
[calendars]
[[mine]]
path = {folder}
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
[sqlite]
path = {cache}
"""
VDIRSYNCER = """
[general]
status_path = "{status}"
[pair diary]
a = "local"
b = "server"
collections = null
[storage local]
type = "filesystem"
path = "{folder}"
fileext = ".ics"
[storage server]
type = "caldav"
url = "{url}"
username = "ada"
password = "any"
"""


def invitation_in(mail: EmailMessage) -> tuple[str, bytes]:
    """The method that the mail names, and the calendar that it bears; the part and the file are the same."""
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    (file,) = [one for one in mail.walk() if one.get_filename() == "invite.ics"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert file.get_payload(decode=True) == content
    return str(part.get_param("method")), content


def the_event(content: bytes) -> Event:
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event  # type: ignore[return-value]


@dataclass
class Server:
    """Somebody's collection on a CalDAV server. A mail program keeps it by what mails say (RFC 5546)."""

    url: str

    def heed(self, mail: EmailMessage) -> None:
        method, content = invitation_in(mail)
        address = f"{self.url}{the_event(content)['uid']}.ics"
        if method == "CANCEL":
            self._ask("DELETE", address)
        else:
            self._put(address, content)

    def _put(self, address: str, content: bytes) -> None:
        """What is stored has no METHOD (RFC 4791), and gives way only to a higher SEQUENCE."""
        known = self._ask("GET", address, missing=b"")
        assert not known or the_event(known)["sequence"] < the_event(content)["sequence"]
        calendar = Calendar.from_ical(content)
        del calendar["method"]
        self._ask("PUT", address, calendar.to_ical())

    def objects(self) -> list[bytes]:
        """Everything in the collection."""
        found = Calendar.from_ical(self._ask("GET", self.url))
        return [event.to_ical() for event in found.walk("VEVENT")]

    def make(self) -> None:
        self._ask("MKCALENDAR", self.url)

    def _ask(self, method: str, url: str, body: bytes | None = None, missing: bytes | None = None) -> bytes:
        headers = {"Authorization": f"Basic {b64encode(b'ada:any').decode()}", "Content-Type": "text/calendar"}
        try:
            with urlopen(Request(url, body, headers, method=method)) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            if error.code == 404 and missing is not None:
                return missing
            raise


@contextmanager
def radicale(folder: Path) -> Iterator[Server]:
    port, log = free_port(), folder / "radicale.log"
    command = [PROGRAMS / "radicale", "--config", "", "--server-hosts", f"{LOOPBACK}:{port}", "--auth-type", "none"]
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [*command, "--storage-filesystem-folder", folder / "radicale"], stdout=output, stderr=output
        )
    try:
        for _ in range(200):
            if answers(port):
                break
            assert process.poll() is None, log.read_text()
            threading.Event().wait(0.05)
        server = Server(f"http://{LOOPBACK}:{port}/ada/diary/")
        server.make()
        yield server
    finally:
        process.kill()
        process.wait()


@dataclass
class Khal:
    """A calendar program and its folder; ``sync`` exchanges it with a server."""

    home: Path

    def __post_init__(self) -> None:
        self.folder = self.home / "diary"
        self.folder.mkdir()
        (self.home / "khal.conf").write_text(KHAL.format(folder=self.folder, cache=self.home / "khal.db"))

    def take(self, mail: EmailMessage) -> None:
        """As somebody does who opens the file that came with the mail."""
        file = self.home / "invite.ics"
        file.write_bytes(invitation_in(mail)[1])
        self._khal("import", "--batch", "-a", "mine", str(file))

    def shows(self) -> list[str]:
        """Each event of a year from now on, with the UID first."""
        lines = self._khal("list", "--format", SEEN, "--day-format", "", "--notstarted", "now", "365d")
        return [line.strip() for line in lines.splitlines() if line.strip()]

    def sync(self, server: Server) -> None:
        config = self.home / "vdirsyncer.conf"
        if not config.exists():
            config.write_text(VDIRSYNCER.format(status=self.home / "status", folder=self.folder, url=server.url))
            self._run("vdirsyncer", "-c", config, "discover")
        self._run("vdirsyncer", "-c", config, "sync", "--force-delete")  # the last event may go

    def _khal(self, *arguments: str) -> str:
        return self._run("khal", "-c", self.home / "khal.conf", *arguments)

    def _run(self, program: str, *arguments: str | Path) -> str:
        own = {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home), "XDG_DATA_HOME": str(self.home)}
        done = subprocess.run(
            [PROGRAMS / program, *arguments],
            env=os.environ | own | {"LC_ALL": "C.UTF-8", "TZ": "UTC", "XDG_CACHE_HOME": str(self.home)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout
