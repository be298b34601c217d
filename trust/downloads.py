"""Everything about a person, readable and as data, in one file.

What goes in is what each floor registered (``trust.holdings``), and of that what the person may see on a page, or once
wrote, signed, booked or answered in a pairing that they have left. A row says how far it has come; a worker that is
killed leaves a row that the next one takes up from the beginning.
"""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import F, Model, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format, time_format

from outbox.errors import place
from outbox.hours import language_of
from outbox.words import Words
from trust import holdings
from trust.acting import Purpose, acting_as, acting_as_system, acting_for_download
from trust.holdings import Holding
from trust.models import KEPT_FOR, LEASE, TRIES, Download

logger = logging.getLogger(__name__)

SOURCE = "en-gb"
READ_ME, DATA = "about-you.html", "about-you.json"


Row = list[tuple[Words, Any]]  # labels and values; two labels may say the same in some language


@dataclass(frozen=True)
class Section:
    what: Words
    who: list[Words]
    parts: list[list[Row]]

    @property
    def is_empty(self) -> bool:
        return not any(self.parts)


def ask(person: Any, at: datetime | None = None) -> Download:
    """Another one is made only once the last has come to an end."""
    try:
        with transaction.atomic():
            return Download.objects.create(person=person, asked_at=at or timezone.now())
    except IntegrityError:
        return Download.objects.unfinished().get(person=person)


def newest(person: Any) -> Download | None:
    return Download.objects.visible_to(person).defer("content").first()


def make(pk: str | UUID, at: datetime | None = None) -> None:
    """Does it if nobody else is at it; otherwise nothing."""
    at = at or timezone.now()
    if not _write(Download.objects.claimable(at).filter(pk=pk), claimed_at=at, claims=F("claims") + 1, done=0):
        return
    mine = Download.objects.unfinished().filter(pk=pk, claimed_at=at)
    try:
        _make(_claimed(mine), partial(_write, mine), at)
    except Exception as error:
        logger.error("Download %s failed: %s", pk, place(error))
        _write(mine, failed_at=timezone.now())


def _write(rows: QuerySet[Download], **fields: Any) -> int:
    """In a transaction of its own: a page that asks sees how far it is."""
    with acting_as_system(Purpose.DOWNLOADING):
        return rows.update(**fields)


def _claimed(rows: QuerySet[Download]) -> Download:
    with acting_as_system(Purpose.DOWNLOADING):
        return rows.select_related("person").get()


def _make(download: Download, write: Callable[..., int], at: datetime) -> None:
    lines = list(holdings.joined(holdings.all_holdings()).values())
    write(total=len(lines))
    sections = []
    for number, held in enumerate(lines, start=1):
        sections.append(gather(download.person, held))
        write(done=number)
    file = packed(download.person, sections, at)
    with acting_as(download.person):
        sealed = download.sealed(file)
    write(content=sealed, finished_at=at, expires_at=at + KEPT_FOR)


def gather(person: Any, held: Iterable[Holding]) -> Section:
    """The one place that reads for a download. Words are put into a language when the file is written."""
    held = list(held)
    with acting_for_download(person), translation.override(language_of(person)):
        parts = [[_shown(row, one.shows) for row in one.in_download(person).order_by("pk")] for one in held]
    return Section(held[0].what, [one.seers for one in held], parts)


def _shown(row: Model, shows: Any) -> Row:
    return [(label, _value(row, path)) for label, path in shows.items()]


def _value(row: Any, path: str) -> Any:
    *through, last = path.split("__")
    for name in through:
        row = getattr(row, name, None)
    if row is None:
        return None
    value = getattr(row, last)
    if hasattr(row, f"get_{last}_display"):
        return dict(row._meta.get_field(last).flatchoices).get(value, value)
    return str(value) if isinstance(value, Model) or hasattr(value, "lower_inc") else value


def packed(person: Any, sections: list[Section], at: datetime) -> bytes:
    """The page is in the person's language; the data, for programs, has the same names for everybody."""
    file = io.BytesIO()
    with timezone.override(person.zone), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        with translation.override(SOURCE):
            folder.writestr(DATA, _json(person, sections, at))
        with translation.override(language_of(person)):
            folder.writestr(READ_ME, _html(person, sections, at))
    return file.getvalue()


def _json(person: Any, sections: list[Section], at: datetime) -> str:
    content = {
        "made_at": at,
        "time_zone": "UTC",
        "sections": [
            {
                "what": str(one.what),
                "who_can_see_it": _said(one.who),
                "rows": [_plain(row) for part in one.parts for row in part],
            }
            for one in sections
        ],
    }
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _said(words: Iterable[Words]) -> list[str]:
    return sorted(set(map(str, words)))


def _plain(row: Row) -> dict[str, Any]:
    return {str(label): value for label, value in row}


def _html(person: Any, sections: list[Section], at: datetime) -> str:
    shown = [
        Section(one.what, list(_said(one.who)), [_readable(part) for part in one.parts if part]) for one in sections
    ]
    return render_to_string("trust/download.html", {"person": person, "sections": shown, "at": at})


def _readable(rows: list[Row]) -> list[Row]:
    return [[(label, _in_words(value)) for label, value in row if value not in (None, "", [])] for row in rows]


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, time):
        return time_format(value, "TIME_FORMAT")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def clear(at: datetime | None = None) -> None:
    """For the reconciler: what a day has passed over, and what took its worker down with it each time."""
    at = at or timezone.now()
    with acting_as_system(Purpose.DOWNLOADING):
        Download.objects.filter(expires_at__lte=at).delete()
        Download.objects.stale(at).delete()
        hopeless = Download.objects.unfinished().filter(claims__gte=TRIES, claimed_at__lt=at - LEASE)
        hopeless.update(failed_at=at)
