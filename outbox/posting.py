"""Putting messages into the outbox, and taking them out again before they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from outbox.kinds import kind_of
from outbox.models import DropReason, Message


@dataclass(frozen=True)
class Draft:
    """A message for a person (``to``) or, where there is no person yet, for an ``address``.

    ``key`` names recipient and occasion, in parts separated by colons; a key is used once, ever.
    """

    kind: str
    key: str
    to: AbstractBaseUser | None = None
    address: str | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None
    about_id: str | int | UUID = ""
    params: dict[str, Any] = field(default_factory=dict)
    cohort_id: int | None = None

    def is_of_use(self, now: datetime) -> bool:
        reachable = bool(self.address) if self.to is None else bool(_address(self.to))
        return reachable and (self.expires_at is None or self.expires_at > max(now, self.due_at or now))

    def message(self, now: datetime) -> Message:
        due_at = self.due_at or now
        kind = kind_of(self.kind)
        return Message(
            kind=kind.name,
            lane=kind.lane,
            cohort_id=self.cohort_id,
            key=self.key,
            recipient_id=self.to.pk if self.to else None,
            address="" if self.to else self.address or "",
            about_id=str(self.about_id),
            params=self.params,
            created_at=now,
            due_at=due_at,
            next_try_at=due_at,
            expires_at=self.expires_at,
        )


def post(
    kind: str,
    *,
    key: str,
    to: AbstractBaseUser | None = None,
    address: str | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    about_id: str | int | UUID = "",
    params: dict[str, Any] | None = None,
    cohort_id: int | None = None,
) -> None:
    """Post one message in the caller's transaction; a key that was posted before changes nothing.

    No row is made for a person without an address, nor for a message that is too late already.
    """
    post_many([Draft(kind, key, to, address, due_at, expires_at, about_id, params or {}, cohort_id)])


_silent: ContextVar[bool] = ContextVar("nothing is posted", default=False)


@contextmanager
def nothing_posted() -> Iterator[None]:
    """What is done inside was told before: after a restore, erased people are erased once more."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def post_many(drafts: Iterable[Draft]) -> None:
    if _silent.get():
        return
    now = timezone.now()
    messages = [draft.message(now) for draft in drafts if draft.is_of_use(now)]
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=1000)


def post_missing(drafts: Iterable[Draft]) -> None:
    """For reconcilers, which ask again and again: what was posted before is not even tried."""
    by_key = {draft.key: draft for draft in drafts}
    known = Message.objects.filter(key__in=list(by_key)).values_list("key", flat=True)
    post_many(by_key[key] for key in by_key.keys() - set(known))


@transaction.atomic
def withdraw(*, key_prefix: str) -> int:
    """Drop what is not sent yet; returns how many. One that is leaving this very moment is not waited for.

    The prefix is whole parts of a key: ``reminder:12`` reaches ``reminder:12:…`` but not ``reminder:123:…``.
    """
    stem = key_prefix.rstrip(":")
    if not stem:
        raise ValueError("A prefix is needed: without one every message would be withdrawn.")
    waiting = Message.objects.waiting().filter(Q(key=stem) | Q(key__startswith=f"{stem}:"))
    ids = list(waiting.select_for_update(skip_locked=True).values_list("id", flat=True))
    return Message.objects.filter(id__in=ids).update(
        dropped_at=timezone.now(),
        drop_reason=DropReason.WITHDRAWN,
        claimed_until=None,
        claim_token=None,
    )


@transaction.atomic
def withdraw_from(person: AbstractBaseUser, address: str, *, but: str = "") -> int:
    """Drop everything that waits for this person, or for their address, ``but`` of one kind.

    One that is leaving this moment goes.
    """
    theirs = Q(recipient=person) | Q(address__iexact=address) if address else Q(recipient=person)
    waiting = Message.objects.waiting().filter(theirs).exclude(kind=but).select_for_update(skip_locked=True)
    return Message.objects.filter(id__in=list(waiting.values_list("id", flat=True))).update(
        dropped_at=timezone.now(),
        drop_reason=DropReason.PERSON_DEACTIVATED,
        digest=None,
        claimed_until=None,
        claim_token=None,
    )


def _address(person: AbstractBaseUser) -> str | None:
    return getattr(person, person.get_email_field_name())
