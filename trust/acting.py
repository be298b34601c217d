"""Who acts: told to the database for one transaction, in which row-level security lets nothing else through.

What is told is local to the transaction, or to the block inside one that is open already: nothing of it stays on a
connection that goes on to serve somebody else. Where nothing was told, nobody acts and no content is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from contextvars import ContextVar
from enum import StrEnum
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse


class Purpose(StrEnum):
    """What the product does by itself. docs/privacy.md says which rows each may touch, and why."""

    DRAFTING = "drafting"  # the first agreement of a pairing is written
    ASKING = "asking"  # whoever was asked about fit and has not answered yet is told
    PROPOSALS = "proposals"  # times on offer are told of, or taken back when somebody leaves
    CALENDARS = "calendars"  # busy times are read anew, and found for a pair
    GOING_ON = "going on"  # do all of a pairing wish to go on
    COUNTING = "counting"  # choices on scales become counts
    SWEEPING = "sweeping"  # uploads that nobody confirmed, words that nobody sent
    ERASING = "erasing"  # rows and keys are destroyed: erasure, retention
    DOWNLOADING = "downloading"  # downloads are asked for and made; with a person, what they wrote in former pairings


READING = ("GET", "HEAD")


class Acting(NamedTuple):
    role: str
    person: str = ""
    purpose: str = ""


_acting: ContextVar[Acting | None] = ContextVar("who acts", default=None)


def acting_as(person: Any) -> AbstractContextManager[bool]:
    """The database shows what ``person`` may see, and takes what they may write. A visitor sees nothing.

    Says whether this block is a transaction of its own, and not a part of one.
    """
    return _told(Acting(settings.WEB_ROLE, person=_known(person)))


def acting_for_download(person: Any) -> AbstractContextManager[bool]:
    """As ``person``, who also sees what is their own of pairings that they have left."""
    return _told(Acting(settings.WEB_ROLE, person=_known(person), purpose=Purpose.DOWNLOADING.value))


def _known(person: Any) -> str:
    return str(person.pk) if person is not None and person.is_authenticated and person.is_active else ""


def acting_as_system(purpose: Purpose) -> AbstractContextManager[bool]:
    """Nobody's own: only what this purpose needs."""
    return _told(Acting(settings.WEB_ROLE, purpose=purpose.value))


def acting_for_dashboards() -> AbstractContextManager[bool]:
    """The role that has no grant on content at all, whoever acts: a query that touches it is an error."""
    return _told(Acting(settings.DASHBOARD_ROLE))


def without_content(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages of leads and administrators that show how things go, and never what anybody wrote or chose.

    What is posted there is done by whoever posts it.
    """

    @wraps(view)
    def seen_from_afar(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with acting_for_dashboards() if request.method in READING else nullcontext():
            return view(request, *args, **kwargs)

    vars(seen_from_afar)["is_without_content"] = True  # handed on by decorators around it
    return seen_from_afar


def acting_as_nobody() -> AbstractContextManager[bool | None]:
    """Nothing to tell outside a transaction: the connection itself is nobody's."""
    return _told(Acting(settings.WEB_ROLE)) if connection.in_atomic_block else nullcontext()


def who_acts(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a request of somebody who is logged in is one transaction, in which they act."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            with acting_as_nobody():
                return get_response(request)
        with acting_as(request.user) as outermost:
            response = get_response(request)
            if outermost and response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    return handle


@contextmanager
def _told(acting: Acting) -> Iterator[bool]:
    if connection.in_atomic_block:
        with _within(acting):
            yield False
    else:
        with transaction.atomic():
            _tell(acting)
            with _remembered(acting):
                yield True


@contextmanager
def _within(acting: Acting) -> Iterator[None]:
    before = _acting.get() or _as_it_is()
    _tell(acting)
    try:
        with _remembered(acting):
            yield
    finally:
        # In a transaction that is broken, going back to its savepoint takes back what was told as well.
        with suppress(Error):
            _tell(before)


@contextmanager
def _remembered(acting: Acting) -> Iterator[None]:
    before = _acting.set(acting)
    try:
        yield
    finally:
        _acting.reset(before)


TELL = """
SELECT set_config('role', %s, true), set_config('buddying.person', %s, true), set_config('buddying.purpose', %s, true)
"""
ASK = """
SELECT current_setting('role'),
       coalesce(current_setting('buddying.person', true), ''), coalesce(current_setting('buddying.purpose', true), '')
"""


def _tell(acting: Acting) -> None:
    _execute(TELL, acting)


def _as_it_is() -> Acting:
    return Acting(*_execute(ASK, ()))


def _execute(statement: str, parameters: tuple[str, ...]) -> tuple[str, ...]:
    """Beside Django's cursor: it is no query of a page, and the same for each of them."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()
