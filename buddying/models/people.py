from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import BaseUserManager
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trust.visibility import Audience, VisibleQuerySet


def validate_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is no time zone we know.") % {"name": name})


def organisation_zone() -> str:
    return settings.ORGANISATION_TIME_ZONE


def organisation_language() -> str:
    return settings.LANGUAGE_CODE


# Marks that end a line, and marks that turn the reading direction: in a name they pretend to be something else.
NO_PART_OF_A_NAME = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")


# Who has erased their account is called so wherever others still meet what they did together.


def somebody() -> str:
    """Stands in rows that everybody reads, so it is said as the organisation speaks."""
    with translation.override(organisation_language()):
        return gettext("Somebody who has left")


def one_line(text: str) -> str:
    return " ".join(NO_PART_OF_A_NAME.sub("", text).split())


class PersonQuerySet(VisibleQuerySet["Person"]):
    def active(self) -> PersonQuerySet:
        return self.filter(deactivated_at__isnull=True)

    def unproved(self) -> PersonQuerySet:
        """Signed up without coming back with the code so far, and nobody has put them anywhere since."""
        put_nowhere = {"participations": None, "role_grants": None, "programmes_led": None, "reports": None}
        return self.active().filter(unproved_since__isnull=False, **put_nowhere)

    def with_address(self, address: str) -> PersonQuerySet:
        """Small letters on both sides: in capitals, as ``iexact`` compares, ı is I and passes for another’s i."""
        return self.alias(address=Lower("email")).filter(address=address.strip().lower())


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, name: str = "", **fields: Any) -> Person:
        person = self.model(email=email, name=name, **fields)
        person.set_unusable_password()
        person.save()
        return person


class Person(AbstractBaseUser):
    """Somebody in the organisation; logs in by a code to their address. Without an address nobody logs in."""

    email = models.EmailField(_("e-mail address"), null=True, blank=True)  # noqa: DJ001 - unique, if there
    name = models.CharField(_("name"), max_length=120)
    team = models.CharField(_("team"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    level = models.PositiveSmallIntegerField(
        _("level"),
        null=True,
        blank=True,
        help_text=_("1 is the top of the hierarchy; larger numbers are further down."),
    )
    place = models.CharField(_("office or place"), max_length=120, blank=True)
    manager = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports", verbose_name=_("manager")
    )
    time_zone = models.CharField(_("time zone"), max_length=60, default=organisation_zone, validators=[validate_zone])
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=organisation_language, db_default="en-gb"
    )
    created_at = models.DateTimeField(default=timezone.now)
    deactivated_at = models.DateTimeField(_("account closed"), null=True, blank=True)
    unproved_since = models.DateTimeField(
        null=True, editable=False, help_text="Signed up then; empty once a code came back, or without a sign-up."
    )
    # Numbers are given out again after a restore from a backup; this is not.
    stable_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    audience = Audience(
        _("you, the leads of your cohorts, and administrators"), lambda viewer: people_visible_to(viewer)
    )
    objects = PersonManager()

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(
                fields=["unproved_since"], condition=Q(unproved_since__isnull=False), name="sign_ups_not_proved"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_person_an_address",
                violation_error_message=_("Somebody already has this address."),
            ),
            models.CheckConstraint(
                condition=Q(manager__isnull=True) | ~Q(manager=F("id")),
                name="nobody_manages_themself",
                violation_error_message=_("Nobody can be their own manager."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(email__isnull=True, deactivated_at__isnull=False),
                name="whoever_is_erased_cannot_be_reached",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or f"Person {self.pk}"

    def get_short_name(self) -> str:
        """How Django's admin greets its reader."""
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.deactivated_at is None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @cached_property
    def _roles(self) -> set[str]:
        return set(self.role_grants.live().values_list("role", flat=True))

    @property
    def is_administrator(self) -> bool:
        return RoleGrant.ADMINISTRATOR in self._roles

    @property
    def can_create_programmes(self) -> bool:
        return bool({RoleGrant.LEAD, RoleGrant.ADMINISTRATOR} & self._roles)

    @cached_property
    def leads_any_programme(self) -> bool:
        return self.programmes_led.exists()

    def has_usable_password(self) -> bool:
        """Nobody has a password here, whatever way the row was made."""
        return False

    # What Django's admin asks of a user: administrators may configure; content is registered nowhere.
    @property
    def is_staff(self) -> bool:
        return self.is_administrator

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and self.is_administrator

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_administrator

    def forget(self, at: datetime) -> None:
        """The row stays, so that counts do; who it was is gone. Idempotent."""
        self.name, self.email, self.manager, self.level, self.last_login = somebody(), None, None, None, None
        self.team = self.department = self.place = ""
        self.time_zone, self.language = organisation_zone(), organisation_language()
        self.deactivated_at, self.erased_at, self.unproved_since = self.deactivated_at or at, at, None
        self.set_unusable_password()  # another one: it ends every log-in at once
        self.save()

    def save(self, *args: Any, **kwargs: Any) -> None:
        for name in ("name", "team", "department", "place"):
            setattr(self, name, one_line(getattr(self, name)))
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip() if self.email else None


def people_visible_to(viewer: Person) -> Q:
    on_a_list = Person.objects.filter(
        participations__left_at=None, participations__cohort__programme__leads__person=viewer
    )
    return Q() if viewer.is_administrator else Q(pk=viewer.pk) | Q(pk__in=on_a_list.values("pk"))


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def live(self) -> RoleGrantQuerySet:
        return self.filter(revoked_at__isnull=True)


class RoleGrant(models.Model):
    """Somebody made somebody a lead (may create programmes) or an administrator."""

    ADMINISTRATOR = "administrator"
    LEAD = "lead"
    ROLES = [(ADMINISTRATOR, _("Administrator")), (LEAD, _("Programme lead"))]

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="role_grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=ROLES)
    granted_by = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="role_grants_made",
        verbose_name=_("given by"),
    )
    granted_at = models.DateTimeField(_("given"), default=timezone.now)
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("role"), _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(revoked_at__isnull=True), name="one_live_grant_a_role"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["administrator", "lead"]), name="a_role_is_administrator_or_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"

    def revoke(self, at: datetime | None = None) -> None:
        if self.revoked_at is None:
            self.revoked_at = at or timezone.now()
            self.save(update_fields=["revoked_at"])
