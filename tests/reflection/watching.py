"""Everything that somebody can see: each page that links lead to, and each mail with what it puts into calendars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from buddying.models import Person
from outbox.kinds import kind_of
from outbox.models import Message
from trust.models import forget_keys

LINK = re.compile(r'(?<![-\w])(?:href|hx-get|action)="([^"#]*)')
TOKEN = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+')
SHEET = re.compile(r"/(pack/.*|agreement)\.pdf$")  # what it is set from is a page as well, and seen
ELSEWHERE = ("/static/", "/me/devices/", "/accounts/", "/admin/", "/_components/", "/unsent/")
MOST = 400

Pages = dict[str, str]


def pages(client: Client) -> Pages:
    """By address, from home on. What only takes a POST answers a GET with its refusal, which is seen as well."""
    seen: Pages = {}
    waiting = ["/"]
    while waiting:
        if (address := waiting.pop(0)) in seen:
            continue
        assert len(seen) < MOST, "links without end"
        answer = client.get(address)
        seen[address] = f"{answer.status_code} {answer.get('Location', '')}\n{_content(answer)}"
        waiting += _links(address, seen[address], answer.get("Location", ""))
    return seen


def _content(answer: HttpResponse) -> str:
    if not answer.get("Content-Type", "").startswith("text/"):
        return sha256(answer.content).hexdigest()
    return TOKEN.sub("", answer.content.decode())


def _links(address: str, content: str, location: str) -> Iterator[str]:
    for found in [location, *LINK.findall(content)]:
        there = urlsplit(urljoin(address, unescape(found)))
        ours = found and not there.netloc and not there.scheme
        if ours and not there.path.startswith(ELSEWHERE) and not SHEET.search(there.path):
            yield there.path


def mails(person: Person) -> list[tuple[object, ...]]:
    """All that was ever posted to them, as it would read if it were sent now, with the moment from which it may be."""
    posted = Message.objects.filter(recipient=person).order_by("created_at", "kind", "key")
    return [(one.kind, one.due_at, one.expires_at, one.dropped_at, kind_of(one.kind).compose(one)) for one in posted]


@contextmanager
def another_world() -> Iterator[None]:
    """What happens inside has not happened afterwards; numbers of rows begin where they began."""
    numbers, undo = _numbers(), transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(undo)
        _set_numbers(numbers)
        forget_keys()


def _numbers() -> list[tuple[str, int | None]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences")
        return list(cursor.fetchall())


def _set_numbers(numbers: list[tuple[str, int | None]]) -> None:
    with connection.cursor() as cursor:
        for name, last in numbers:
            cursor.execute("SELECT setval(%s, %s, %s)", [name, last or 1, last is not None])
