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
from django.utils import timezone
from django.utils.formats import date_format

from outbox.errors import place
from trust import holdings
from trust.acting import Purpose, acting_as, acting_as_system, acting_for_download
from trust.holdings import Holding
from trust.models import KEPT_FOR, LEASE, TRIES, Download

logger = logging.getLogger(__name__)

READ_ME, DATA = "about-you.html", "about-you.json"


@dataclass(frozen=True)
class Section:
    what: str
    who: list[str]
    parts: list[list[dict[str, Any]]]

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
    lines = holdings.joined(holdings.all_holdings())
    write(total=len(lines))
    sections = []
    for number, (what, held) in enumerate(lines.items(), start=1):
        sections.append(gather(download.person, what, held))
        write(done=number)
    file = packed(download.person, sections, at)
    with acting_as(download.person):
        sealed = download.sealed(file)
    write(content=sealed, finished_at=at, expires_at=at + KEPT_FOR)


def gather(person: Any, what: str, held: Iterable[Holding]) -> Section:
    """The one place that reads for a download."""
    held = list(held)
    with acting_for_download(person):
        parts = [[_shown(row, one.shows) for row in one.in_download(person).order_by("pk")] for one in held]
    return Section(what, sorted({one.seen_by for one in held}), parts)


def _shown(row: Model, shows: Any) -> dict[str, Any]:
    return {label: _value(row, path) for label, path in shows.items()}


def _value(row: Any, path: str) -> Any:
    *through, last = path.split("__")
    for name in through:
        row = getattr(row, name, None)
    if row is None:
        return None
    value = getattr(row, f"get_{last}_display")() if hasattr(row, f"get_{last}_display") else getattr(row, last)
    return str(value) if isinstance(value, Model) or hasattr(value, "lower_inc") else value


def packed(person: Any, sections: list[Section], at: datetime) -> bytes:
    file = io.BytesIO()
    with timezone.override(person.zone), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(DATA, _json(person, sections, at))
        folder.writestr(READ_ME, _html(person, sections, at))
    return file.getvalue()


def _json(person: Any, sections: list[Section], at: datetime) -> str:
    content = {
        "made_at": at,
        "time_zone": "UTC",
        "sections": [
            {"what": one.what, "who_can_see_it": one.who, "rows": [row for part in one.parts for row in part]}
            for one in sections
        ],
    }
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _html(person: Any, sections: list[Section], at: datetime) -> str:
    shown = [Section(one.what, one.who, [_readable(part) for part in one.parts if part]) for one in sections]
    return render_to_string("trust/download.html", {"person": person, "sections": shown, "at": at})


def _readable(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{label: _in_words(value) for label, value in row.items() if value not in (None, "", [])} for row in rows]


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def clear(at: datetime | None = None) -> None:
    """For the reconciler: what a day has passed over, and what took its worker down with it each time."""
    at = at or timezone.now()
    with acting_as_system(Purpose.DOWNLOADING):
        Download.objects.filter(expires_at__lte=at).delete()
        Download.objects.stale(at).delete()
        hopeless = Download.objects.unfinished().filter(claims__gte=TRIES, claimed_at__lt=at - LEASE)
        hopeless.update(failed_at=at)
