"""Data keys and the trail of who looked."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trust.keys import CannotRead, current_wrapping_key, decrypt, encrypt, wrapping_key
from trust.visibility import Audience, VisibleQuerySet


class Owner(NamedTuple):
    """Whose text it is: a person's own, or a pairing's."""

    kind: str
    id: int


class DataKey(models.Model):
    """One key for each author or pairing, wrapped by a key that the database does not hold.

    Destroying the row's ``wrapped`` bytes erases everything that was written with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_kind = models.CharField(max_length=20)
    owner_id = models.BigIntegerField()
    wrapping_key = models.CharField(max_length=40)
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_kind", "owner_id"],
                condition=models.Q(destroyed_at__isnull=True),
                name="one_live_data_key_an_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(destroyed_at__isnull=True, wrapped__isnull=False)
                | models.Q(destroyed_at__isnull=False, wrapped__isnull=True),
                name="a_destroyed_data_key_holds_nothing",
            ),
        ]

    @classmethod
    def of(cls, owner: Owner) -> DataKey:
        """The owner's live key; made on first use. Two first uses at once meet in the unique constraint."""
        if key := _at_hand.get().get(owner):
            return key
        live = cls.objects.filter(owner_kind=owner.kind, owner_id=owner.id, destroyed_at__isnull=True)
        if not (key := live.first()):
            DataKey.objects.bulk_create([cls._fresh(owner)], ignore_conflicts=True)
            key = live.get()
        return key

    @classmethod
    def of_all(cls, kind: str, ids: Iterable[int]) -> dict[Owner, DataKey]:
        """The live keys of many owners of a kind; those that are missing are made."""
        wanted = set(ids)
        live = cls.objects.filter(owner_kind=kind, owner_id__in=wanted, destroyed_at__isnull=True)
        there = set(live.values_list("owner_id", flat=True))
        fresh = [cls._fresh(Owner(kind, one)) for one in sorted(wanted - there)]
        DataKey.objects.bulk_create(fresh, ignore_conflicts=True)
        return {Owner(kind, key.owner_id): key for key in live.all()}

    @classmethod
    def _fresh(cls, owner: Owner) -> DataKey:
        key = cls(owner_kind=owner.kind, owner_id=owner.id)
        key._wrap(os.urandom(32))
        return key

    def _wrap(self, plain: bytes) -> None:
        self.wrapping_key, wrapping = current_wrapping_key()
        self.wrapped = encrypt(wrapping, plain, self._bound_to())

    def wrap_anew(self) -> None:
        """With the first key of the ring; not saved. What was written with this key stays as it is."""
        self._wrap(self.unwrapped())

    def _bound_to(self) -> str:
        return f"datakey|{self.id}|{self.owner_kind}:{self.owner_id}"

    def unwrapped(self) -> bytes:
        if self.wrapped is None:
            raise CannotRead("The key of this text was destroyed.")
        return decrypt(wrapping_key(self.wrapping_key), bytes(self.wrapped), self._bound_to())

    def destroy(self, at: datetime | None = None) -> None:
        """Erase: what was written with this key can never be read again. Idempotent."""
        if self.destroyed_at is None:
            self.destroyed_at, self.wrapped = at or timezone.now(), None
            self.save(update_fields=["destroyed_at", "wrapped"])
            forget_keys()


_at_hand: ContextVar[Mapping[Owner, DataKey]] = ContextVar("keys at hand", default=MappingProxyType({}))


@contextmanager
def keys_at_hand(kind: str, ids: Iterable[int]) -> Iterator[None]:
    """What is written inside for these owners asks for none of their keys one by one."""
    before = _at_hand.set(DataKey.of_all(kind, ids))
    try:
        yield
    finally:
        _at_hand.reset(before)


KEPT_SECONDS = 30.0
_kept: dict[uuid.UUID, tuple[float, bytes]] = {}


def data_key(key_id: uuid.UUID) -> bytes:
    """The plain data key, kept in this process for half a minute so that a page of notes asks once."""
    kept = _kept.get(key_id)
    if kept and time.monotonic() - kept[0] < KEPT_SECONDS:
        return kept[1]
    row = DataKey.objects.filter(pk=key_id).first()
    if row is None:
        raise CannotRead("The key of this text does not exist.")
    if len(_kept) > 1000:
        forget_keys()
    _kept[key_id] = (time.monotonic(), row.unwrapped())
    return _kept[key_id][1]


def forget_keys() -> None:
    _kept.clear()


class AccessRecord(models.Model):
    """A lead or an administrator looked at data about a person: who, what for, when.

    ``sentence`` goes on from the viewer's name and is one that the catalogues know, with ``%(cohort)s`` for the
    cohort's name as it was then.

    A trigger keeps it append-only: no row is ever changed, and none is deleted within its first 30 days. After that
    only retention deletes, as long after as the programme of ``cohort_id`` says.
    """

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="looks_taken"
    )
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="looks_received")
    sentence = models.CharField(max_length=200, db_column="purpose")
    cohort_id = models.BigIntegerField(null=True)
    cohort_name = models.CharField(max_length=250, blank=True, default="", db_default="")
    seen_at = models.DateTimeField(default=timezone.now)

    audience = Audience(_("only you"), lambda viewer: models.Q(subject=viewer))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]
        indexes = [
            models.Index(fields=["subject", "-seen_at"], name="looks_of_a_subject"),
            models.Index(fields=["cohort_id", "seen_at"], name="looks_in_a_cohort"),
        ]

    @property
    def purpose(self) -> str:
        """In the language of whoever reads it."""
        return gettext(self.sentence).replace("%(cohort)s", self.cohort_name) if self.sentence else ""


class DownloadQuerySet(VisibleQuerySet["Download"]):
    def claimable(self, at: datetime | None = None) -> DownloadQuerySet:
        """Asked for, or left behind by a worker that was killed."""
        abandoned = models.Q(claimed_at__lt=(at or timezone.now()) - LEASE)
        return self.unfinished().filter(models.Q(claimed_at=None) | abandoned, claims__lt=TRIES)

    def unfinished(self) -> DownloadQuerySet:
        return self.filter(finished_at=None, failed_at=None)

    def ready(self, at: datetime | None = None) -> DownloadQuerySet:
        return self.filter(expires_at__gt=at or timezone.now())

    def stale(self, at: datetime | None = None) -> DownloadQuerySet:
        """Whatever is older than a day, whether or not it came to anything."""
        return self.filter(asked_at__lte=(at or timezone.now()) - KEPT_FOR - LEASE)


LEASE, TRIES, KEPT_FOR = timedelta(minutes=10), 3, timedelta(days=1)


class Download(models.Model):
    """Everything about a person in one file, made by a worker and kept for a day under the person's own key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    claims = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)

    audience = Audience(_("only you, for a day"), lambda viewer: models.Q(person=viewer), is_content=True)
    objects = DownloadQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(finished_at__isnull=True, failed_at__isnull=True),
                name="one_download_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True, content__isnull=True, expires_at__isnull=True)
                | models.Q(finished_at__isnull=False, content__isnull=False, expires_at__isnull=False),
                name="a_download_is_whole_or_not_there",
            ),
        ]

    def __str__(self) -> str:
        return f"download {self.pk}"

    @property
    def is_unfinished(self) -> bool:
        return not (self.finished_at or self.failed_at)

    def is_ready(self, at: datetime | None = None) -> bool:
        return self.expires_at is not None and self.expires_at > (at or timezone.now())

    def sealed(self, file: bytes) -> bytes:
        key = DataKey.of(self._owner)
        return key.id.bytes + encrypt(key.unwrapped(), file, self._bound_to)

    def opened(self) -> bytes:
        content = bytes(self.content or b"")
        return decrypt(data_key(uuid.UUID(bytes=content[:16])), content[16:], self._bound_to)

    @property
    def _owner(self) -> Owner:
        return Owner("person", self.person_id)

    @property
    def _bound_to(self) -> str:
        return f"trust_download|content|{self.pk}|person:{self.person_id}"
