from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from buddying.models.organisation import Organisation
from buddying.models.people import organisation_zone, validate_zone
from buddying.topics import LONGEST, MOST
from trust.visibility import Audience, VisibleQuerySet

# Days beside the ends of the calendar have no morning or evening everywhere, and no page could be shown.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 12, 31)
LATE_BY = timedelta(days=14)
CONTENT_DAYS, TRAIL_DAYS = 90, 365


def led_by(viewer: Any, prefix: str = "") -> Q:
    """Programmes that ``viewer`` leads, reached over ``prefix``."""
    # A subquery, not a join: beside another condition a join would show a row once for each lead.
    return Q(**{f"{prefix}pk__in": ProgrammeLead.objects.filter(person=viewer).values("programme")})


class LastLead(Exception):
    """A programme is never left without a lead."""


class ProgrammeQuerySet(VisibleQuerySet["Programme"]):
    def run_by(self, viewer: Any) -> ProgrammeQuerySet:
        """What ``viewer`` may set up: programmes they lead, for administrators every programme."""
        if not (viewer.is_authenticated and viewer.is_active):
            return self.none()
        return self.all() if viewer.is_administrator else self.filter(led_by(viewer))

    def led_by_nobody_but(self, people: Iterable[Any]) -> ProgrammeQuerySet:
        """Where, without these people, nobody is left who leads and can log in."""
        others = ProgrammeLead.objects.able().filter(programme=OuterRef("pk")).exclude(person__in=people)
        led = ProgrammeLead.objects.filter(programme=OuterRef("pk"), person__in=people)
        return self.filter(Exists(led)).exclude(Exists(others))

    def without_lead(self) -> ProgrammeQuerySet:
        """Those who lead it, if anybody does, cannot log in any more."""
        return self.exclude(Exists(ProgrammeLead.objects.able().filter(programme=OuterRef("pk"))))

    def going_on(self, at: datetime | None = None) -> list[Programme]:
        """Those of which a cohort has not ended yet."""
        found = self.prefetch_related("cohorts")
        return [programme for programme in found if any(not one.has_ended(at) for one in programme.cohorts.all())]

    def ever_joined_by(self, person: Any) -> ProgrammeQuerySet:
        """Programmes that ``person`` takes or took part in."""
        joined = Cohort.objects.filter(participants__person=person, participants__joined_at__isnull=False)
        return self.filter(pk__in=joined.values("programme"))


class Programme(models.Model):
    """A standing offer with a purpose, a template and leads."""

    name = models.CharField(_("name"), max_length=120)
    template = models.CharField(_("template"), max_length=60)
    purpose = models.TextField(_("what it is for"), help_text=_("The challenge that this programme serves."))
    community = models.TextField(_("who takes part"), blank=True, help_text=_("For whom it is, and who is not meant."))
    ways = models.TextField(_("how it works"), blank=True)
    roles = models.TextField(
        _("who does what"), blank=True, help_text=_("Participants, leads, managers, and anybody else.")
    )
    rules = models.TextField(_("rules"), blank=True, help_text=_("What buddies can rely on."))
    outcomes = models.TextField(_("hoped-for outcomes"), blank=True)
    support_contacts = models.TextField(
        _("where to turn when it is more than coaching"),
        blank=True,
        help_text=_(
            "Beside the organisation's own: one contact a line. "
            "It stands in agreements, on the help page and beside sessions."
        ),
    )
    topics = ArrayField(models.CharField(max_length=LONGEST), default=list, blank=True)
    guide = models.JSONField(default=dict, blank=True, help_text="How its sessions differ from the usual guide.")
    questions = models.JSONField(default=dict, blank=True, help_text="Its own words for questions, by slug.")
    content_days = models.PositiveSmallIntegerField(
        _("days that content is kept"),
        default=CONTENT_DAYS,
        help_text=_(
            "After the end of a cohort what its people wrote is kept for so many days: 30 to 730. They are told "
            "two weeks before."
        ),
    )
    trail_days = models.PositiveSmallIntegerField(
        _("days that looks are kept"),
        default=TRAIL_DAYS,
        help_text=_("Everybody can see for so long who looked at data about them: 90 to 1,095 days."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    audience = Audience(
        _("the programme's leads and participants, and administrators"),
        lambda viewer: (
            Q()
            if viewer.is_administrator
            else Q(pk__in=ProgrammeLead.objects.filter(person=viewer).values("programme"))
            | Q(pk__in=Cohort.objects.taken_part_in_by(viewer).values("programme"))
        ),
    )
    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("programme"), _("programmes")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(topics__len__lte=MOST),
                name="a_programme_has_up_to_24_topics",
                violation_error_message=format_lazy(_("Up to {most} topics can be taken in at a glance."), most=MOST),
            ),
            models.CheckConstraint(
                condition=Q(content_days__range=(30, 730)),
                name="content_is_kept_30_to_730_days",
                violation_error_message=_("Keep what people wrote for 30 to 730 days."),
            ),
            models.CheckConstraint(
                condition=Q(trail_days__range=(90, 1095)),
                name="looks_are_kept_90_to_1095_days",
                violation_error_message=_("Keep the list of who looked for 90 to 1,095 days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def where_to_turn(self, organisation: Organisation | None = None) -> str:
        """When it is more than coaching, a contact a line: the programme's own, then the organisation's."""
        common = (organisation or Organisation.current()).support_contacts
        return "\n".join(filter(None, (self.support_contacts.strip(), common.strip())))

    @property
    def lead_names(self) -> list[str]:
        """Of those who can log in."""
        return [str(lead.person) for lead in self.leads.all() if lead.person.is_active]

    def add_lead(self, person: Any, added_by: Any) -> None:
        """Idempotent."""
        ProgrammeLead.objects.get_or_create(programme=self, person=person, defaults={"added_by": added_by})

    @transaction.atomic
    def remove_lead(self, person: Any) -> None:
        """Idempotent. Raises LastLead."""
        Programme.objects.select_for_update().get(pk=self.pk)
        if not ProgrammeLead.objects.able().filter(programme=self).exclude(person=person).exists():
            raise LastLead
        self.leads.filter(person=person).delete()


class ProgrammeLeadQuerySet(models.QuerySet["ProgrammeLead"]):
    def able(self) -> ProgrammeLeadQuerySet:
        """To lead: their account is open."""
        return self.filter(person__deactivated_at=None)


class ProgrammeLead(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="leads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="programmes_led")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = ProgrammeLeadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person"],
                name="a_lead_is_named_once",
                violation_error_message=_("This person already leads the programme."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} leads {self.programme}"


class CohortQuerySet(VisibleQuerySet["Cohort"]):
    def led_by(self, viewer: Any) -> CohortQuerySet:
        """Cohorts whose programme ``viewer`` leads."""
        if not (viewer.is_authenticated and viewer.is_active):
            return self.none()
        return self.filter(led_by(viewer, "programme__"))

    def taken_part_in_by(self, viewer: Any) -> CohortQuerySet:
        return self.filter(
            participants__person=viewer,
            participants__joined_at__isnull=False,
            participants__left_at__isnull=True,
        )


def new_token() -> str:
    return secrets.token_urlsafe(18)


class Cohort(models.Model):
    """One run of a programme. Its days begin and end in the cohort's own time zone."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="cohorts", verbose_name=_("programme")
    )
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=60, default=organisation_zone, validators=[validate_zone])
    sign_up_opens_on = models.DateField(_("sign-up opens"))
    nominations_close_on = models.DateField(_("last day to name buddies"))
    pairs_published_on = models.DateField(_("pairs are published"))
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"))
    reflection_point = models.PositiveSmallIntegerField(
        _("reflect after"), choices=[(3, _("3 sessions")), (4, _("4 sessions"))], default=3
    )
    session_minutes = models.PositiveSmallIntegerField(_("length of a session in minutes"), default=60)
    target_sessions = models.PositiveSmallIntegerField(_("sessions to aim for"), default=6)
    new_pairs_weeks = models.PositiveSmallIntegerField(_("new pairs every so many weeks"), null=True, blank=True)
    join_token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    join_link_closed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    audience = Audience(
        _("the cohort's leads and participants, and administrators"),
        lambda viewer: (
            Q()
            if viewer.is_administrator
            else Q(pk__in=Cohort.objects.led_by(viewer).values("pk"))
            | Q(pk__in=Cohort.objects.taken_part_in_by(viewer).values("pk"))
        ),
    )
    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("cohort"), _("cohorts")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sign_up_opens_on__lte=F("nominations_close_on"))
                & Q(nominations_close_on__lte=F("pairs_published_on"))
                & Q(pairs_published_on__lte=F("starts_on"))
                & Q(starts_on__lt=F("ends_on")),
                name="cohort_dates_in_order",
                violation_error_message=(
                    _("The dates must follow each other: sign-up, nominations, pairs, start, end.")
                ),
            ),
            models.CheckConstraint(condition=Q(reflection_point__in=[3, 4]), name="reflection_after_3_or_4_sessions"),
            models.CheckConstraint(
                condition=Q(session_minutes__gte=20, session_minutes__lte=240),
                name="a_session_lasts_20_to_240_minutes",
                violation_error_message=_("A session lasts between 20 and 240 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(target_sessions__gte=1, target_sessions__lte=30),
                name="target_of_1_to_30_sessions",
                violation_error_message=_("Aim for between 1 and 30 sessions."),
            ),
            models.CheckConstraint(
                condition=Q(new_pairs_weeks__isnull=True) | Q(new_pairs_weeks__range=(4, 52)),
                name="new_pairs_every_4_to_52_weeks",
                violation_error_message=_("New pairs every 4 to 52 weeks, or never."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.name}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def is_led_by(self, person: Any) -> bool:
        return Cohort.objects.led_by(person).filter(pk=self.pk).exists()

    @cached_property
    def nominations_close_at(self) -> datetime:
        """The first instant after the last day to name buddies."""
        return end_of(self.nominations_close_on, self.zone)

    def nominating(self, at: datetime | None = None) -> bool:
        return (at or timezone.now()) < self.nominations_close_at

    def signing_up(self, at: datetime | None = None) -> bool:
        """Sign-up has opened; it ends with ``nominating``."""
        return (at or timezone.now()) >= datetime.combine(self.sign_up_opens_on, time.min, tzinfo=self.zone)

    def has_ended(self, at: datetime | None = None) -> bool:
        return (at or timezone.now()) >= end_of(self.ends_on, self.zone)

    def new_pairs_days(self) -> list[date]:
        """When pairs change; not at the very end."""
        if not self.new_pairs_weeks:
            return []
        step, day, days = timedelta(weeks=self.new_pairs_weeks), self.starts_on, []
        while (day := day + step) < self.ends_on:
            days.append(day)
        return days

    def new_pairs_on(self, at: datetime | None = None) -> date | None:
        """When pairs change next; a day that has just passed is still named for a while."""
        today = (at or timezone.now()).astimezone(self.zone).date()
        return next((day for day in self.new_pairs_days() if day >= today - LATE_BY), None)

    def new_pairs_are_due(self, at: datetime | None = None) -> bool:
        day = self.new_pairs_on(at)
        return day is not None and day <= (at or timezone.now()).astimezone(self.zone).date()

    def join_link_open(self, at: datetime | None = None) -> bool:
        return self.join_link_closed_at is None and self.nominating(at)

    def renew_join_link(self) -> None:
        """The old link stops working at once."""
        self.join_token, self.join_link_closed_at = new_token(), None
        self.save(update_fields=["join_token", "join_link_closed_at"])

    def close_join_link(self, at: datetime | None = None) -> None:
        if self.join_link_closed_at is None:
            self.join_link_closed_at = at or timezone.now()
            self.save(update_fields=["join_link_closed_at"])

    def clean(self) -> None:
        for day in ("sign_up_opens_on", "ends_on"):
            if (on := getattr(self, day)) and not FIRST_DAY <= on <= LAST_DAY:
                raise ValidationError(
                    {
                        day: _("Choose a year from %(first)d to %(last)d.")
                        % {"first": FIRST_DAY.year, "last": LAST_DAY.year}
                    }
                )
        if self.session_minutes and self.session_minutes % 10:
            raise ValidationError({"session_minutes": _("Choose whole tens of minutes, so that turns are even.")})


def end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
