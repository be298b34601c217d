"""How one person wants sessions in their calendar: the titles, and the secret address of their feed."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Person
from trust.visibility import Audience, VisibleQuerySet


def digest_of(secret: str) -> str:
    """The secret is long and random, so a plain hash hides it, and finding it by its hash betrays no part of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


class OwnCalendarQuerySet(VisibleQuerySet["OwnCalendar"]):
    def of(self, person: Person) -> OwnCalendar:
        """Theirs, or what everybody has who never chose: not saved yet."""
        return self.filter(person=person).first() or OwnCalendar(person=person)

    def at_address(self, secret: str) -> OwnCalendar | None:
        """The feed at a secret address, if its owner may still come in."""
        active = self.filter(secret_digest=digest_of(secret), person__deactivated_at__isnull=True)
        return active.select_related("person").first()


class OwnCalendar(models.Model):
    """Of the feed's secret the database keeps a hash: nobody can read an address here, or show it twice."""

    NEUTRAL, NAMES = "neutral", "names"
    TITLES = [(NEUTRAL, _("“Buddying session”")), (NAMES, _("“Buddying with” and my buddy’s name"))]

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="own_calendar")
    titles = models.CharField(max_length=10, choices=TITLES, default=NEUTRAL)
    secret_digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True, help_text="When the address of the feed was made.")
    changed_at = models.DateTimeField(default=timezone.now)

    audience = Audience(_("only you"), lambda viewer: Q(person=viewer))
    objects = OwnCalendarQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["secret_digest"], condition=~Q(secret_digest=""), name="one_feed_a_secret_address"
            ),
            models.CheckConstraint(
                condition=Q(secret_digest="", made_at__isnull=True) | ~Q(secret_digest="") & Q(made_at__isnull=False),
                name="a_feed_has_an_address_and_a_time",
            ),
            models.CheckConstraint(condition=Q(titles__in=["neutral", "names"]), name="titles_are_neutral_or_names"),
        ]

    def __str__(self) -> str:
        return f"calendar of person {self.person_id}"

    @property
    def has_feed(self) -> bool:
        return self.made_at is not None

    @property
    def names_buddies(self) -> bool:
        return self.titles == self.NAMES

    def make_address(self, at: datetime | None = None) -> str:
        """A new secret; whoever knows an earlier one finds nothing any more. It is told this once."""
        secret = secrets.token_urlsafe(32)
        self._set(at, secret_digest=digest_of(secret), made_at=at or timezone.now())
        return secret

    def remove_address(self, at: datetime | None = None) -> None:
        self._set(at, secret_digest="", made_at=None)

    def choose_titles(self, titles: str, at: datetime | None = None) -> None:
        self._set(at, titles=titles)

    def _set(self, at: datetime | None, **fields: object) -> None:
        """Also for a row that was made meanwhile, by the same button pressed twice."""
        changed = {"changed_at": at or timezone.now()} | fields
        self.pk = OwnCalendar.objects.update_or_create(person_id=self.person_id, defaults=changed)[0].pk
        for name, value in changed.items():
            setattr(self, name, value)
