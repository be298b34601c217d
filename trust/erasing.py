"""Erasing a person's account: all of it in one transaction, or nothing.

Higher floors register what no row's fate says (``trust.holdings``): verbs that end what the person takes part in, and
what is cleared up afterwards. Some come first, while names and addresses are still there for those who are told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from outbox import posting
from outbox.errors import place
from trust import holdings, tombstones
from trust.acting import Purpose, acting_as_system
from trust.models import DataKey

logger = logging.getLogger(__name__)

STRAGGLERS = timedelta(days=2)

Step = Callable[[Any, datetime], None]

_first: list[Step] = []
_last: list[Step] = []
_obstacles: list[Callable[[Any], str | None]] = []


class NotYet(Exception):
    """Somebody has to take over first: a sentence for the person."""


def register(*, first: Step | None = None, last: Step | None = None) -> None:
    """``first`` may still name the person and post mails, lower floors before higher; ``last`` clears up after them."""
    _first.extend([first] if first else [])
    _last.extend([last] if last else [])


def register_obstacle(tell: Callable[[Any], str | None]) -> None:
    _obstacles.append(tell)


def obstacles(person: Any) -> list[str]:
    return [sentence for tell in _obstacles if (sentence := tell(person))]


def erase(person: Any, at: datetime | None = None) -> None:
    """There is no grace: it is done at once, for good. Idempotent. Raises NotYet."""
    if not person.erased_at and (sentences := obstacles(person)):
        raise NotYet(" ".join(sentences))
    _erase(person, at or timezone.now())


@transaction.atomic
def _erase(person: Any, at: datetime) -> None:
    with acting_as_system(Purpose.ERASING):
        _erase_all(person, at)


def _erase_all(person: Any, at: datetime) -> None:
    for step in reversed(_first):  # the floors are set up from the top
        step(person, at)
    row = get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
    if row.erased_at:
        return
    _empty(row, at)
    transaction.on_commit(lambda: _remember(row.stable_id, at))


def _empty(person: Any, at: datetime) -> None:
    for step in _last:
        step(person, at)
    _empty_rows(person, at)


def _empty_rows(person: Any, at: datetime) -> None:
    holdings.erase_rows(person)
    destroy_keys("person", [person.pk], at)
    person.forget(at)


def destroy_keys(kind: str, ids: Any, at: datetime) -> None:
    for key in DataKey.objects.filter(owner_kind=kind, owner_id__in=ids, destroyed_at=None):
        key.destroy(at)


def _remember(stable_id: Any, at: datetime) -> None:
    """A disk that is full keeps nobody from being erased; the reconciler writes the mark when it can."""
    try:
        tombstones.add([stable_id], at)
    except OSError as error:
        logger.error("The mark of an erased account could not be written: %s", place(error))


def keep_marks(at: datetime | None = None) -> None:
    """For the reconciler: everybody who was erased has a mark outside the database."""
    known, at = tombstones.marks(), at or timezone.now()
    erased = get_user_model().objects.filter(erased_at__isnull=False).values_list("stable_id", flat=True)
    if missing := [one for one in erased if tombstones.mark_of(one) not in known]:
        tombstones.add(missing, at)


def erase_what_came_after(at: datetime | None = None) -> None:
    """For the reconciler: what a page that was open at that moment still wrote goes, too."""
    at = at or timezone.now()
    for person in get_user_model().objects.filter(erased_at__gt=at - STRAGGLERS):
        with acting_as_system(Purpose.ERASING):
            _empty_rows(person, person.erased_at)


def erase_again(at: datetime | None = None) -> int:
    """After a restore: whoever was erased since the backup was made is erased once more, and nobody is told again."""
    people = list(_come_back())
    with _unheard():
        for person in people:
            _erase(person, at or timezone.now())
    return len(people)


def _come_back() -> Iterator[Any]:
    marks = tombstones.marks()
    there = get_user_model().objects.filter(erased_at=None)
    ids = there.values_list("pk", "stable_id").iterator() if marks else []
    back = [pk for pk, stable_id in ids if tombstones.mark_of(stable_id) in marks]
    yield from there.filter(pk__in=back)


@contextmanager
def _unheard() -> Iterator[None]:
    with posting.nothing_posted():
        yield
