"""What a person wants to be mailed, and when. Without a row everything comes at once."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from outbox import hours
from outbox.audience import OnlyYou, OwnQuerySet
from outbox.groups import CHOSEN_BY_MODE, DAILY, REMINDERS, Mode, Reminders
from outbox.words import Words

POSSIBLE = dict.fromkeys(CHOSEN_BY_MODE, Mode.values) | {REMINDERS: Reminders.values}


def mode_field(label: Words) -> models.CharField:
    return models.CharField(label, max_length=10, choices=Mode.choices, default=Mode.AT_ONCE)


class MailChoices(models.Model):
    """A column for each group that can be chosen about, named as the group is."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="mail_choices"
    )
    sessions = mode_field(_("sessions booked"))
    nudges = mode_field(_("nudges"))
    reflection = mode_field(_("reflection and fit check"))
    cohort = mode_field(_("cohort news"))
    reminders = models.CharField(_("reminders"), max_length=10, choices=Reminders.choices, default=Reminders.BOTH)

    digest_at = models.TimeField(_("when the daily mail comes"), default=time(8))
    quiet_from = models.TimeField(_("no mail from"), null=True, blank=True)
    quiet_until = models.TimeField(_("until"), null=True, blank=True)
    paused_until = models.DateField(_("no mail until"), null=True, blank=True)

    audience = OnlyYou("person")
    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{group}__in": Mode.values for group in CHOSEN_BY_MODE}),
                name="mail_at_once_daily_or_never",
            ),
            models.CheckConstraint(condition=Q(reminders__in=Reminders.values), name="known_reminders"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until")),
                name="quiet_hours_begin_and_end",
                violation_error_message=_("Quiet hours need a beginning and another time for their end."),
            ),
        ]

    def __str__(self) -> str:
        return f"mail choices of person {self.pk}"

    @classmethod
    def of(cls, person: Any) -> MailChoices:
        """The row, or one that is not saved yet and says what holds without it."""
        return cls.objects.filter(person=person).first() or cls(person=person)

    def mode_of(self, group: str) -> str:
        if group == REMINDERS:
            return Mode.NEVER if self.reminders == Reminders.NONE else Mode.AT_ONCE
        return getattr(self, group) if group in CHOSEN_BY_MODE else Mode.AT_ONCE

    def stop(self, group: str) -> dict[str, str]:
        """No mails of this group any more; returns what held before. Idempotent."""
        before = {column: getattr(self, column) for column in self._columns_of(group)}
        self._write({column: self._stopped(column) for column in before})
        return {column: value for column, value in before.items() if value != self._stopped(column)}

    def restore(self, group: str, before: dict[str, str]) -> None:
        """What ``stop`` returned, or, of what is not known any more, everything at once."""
        columns = self._columns_of(group) or list(before)
        self._write({column: before.get(column) or self._usual(column) for column in columns})

    def possible(self, group: str, values: dict[str, str]) -> dict[str, str]:
        """Of values from elsewhere, those that could have stood in this group's columns."""
        columns = CHOSEN_BY_MODE if group == DAILY else (group,)
        known = {column: value for column, value in values.items() if column in columns}
        return {name: value for name, value in known.items() if value in POSSIBLE.get(name, ())}

    def is_stopped(self, group: str, before: dict[str, str]) -> bool:
        """``before``: what ``stop`` returned, where that is known."""
        columns = list(before) or self._columns_of(group)
        return bool(columns) and all(getattr(self, column) == self._stopped(column) for column in columns)

    def _columns_of(self, group: str) -> list[str]:
        """Of the daily mail: each group that goes into it."""
        if group == DAILY:
            return [column for column in CHOSEN_BY_MODE if getattr(self, column) == Mode.DAILY]
        return [column for column in (*CHOSEN_BY_MODE, REMINDERS) if column == group]

    def _stopped(self, column: str) -> str:
        return Reminders.NONE if column == REMINDERS else Mode.NEVER

    def _usual(self, column: str) -> str:
        return Reminders.BOTH if column == REMINDERS else Mode.AT_ONCE

    def _write(self, values: dict[str, str]) -> None:
        """Only these columns: what is chosen elsewhere meanwhile stays."""
        for column, value in values.items():
            setattr(self, column, value)
        MailChoices.objects.update_or_create(person_id=self.person_id, defaults=values)

    def pause_ends_at(self, at: datetime) -> datetime | None:
        """When the pause in force at ``at`` ends: with the beginning of its day, where the person is."""
        if self.paused_until is None:
            return None
        ends_at = datetime.combine(self.paused_until, time.min, tzinfo=hours.zone_of(self.person))
        return ends_at if ends_at > at else None

    def is_paused(self, at: datetime) -> bool:
        return self.pause_ends_at(at) is not None

    def quiet_end(self, at: datetime) -> datetime | None:
        """When the quiet hours that ``at`` lies in end."""
        zone = hours.zone_of(self.person)
        if self.quiet_from is None or self.quiet_until is None:
            return None
        if not hours.is_between(self.quiet_from, self.quiet_until, zone, at):
            return None
        return hours.next_at(self.quiet_until, zone, at)

    def next_digest(self, after: datetime) -> datetime:
        """When the next daily mail is due: not while paused, not in quiet hours."""
        begin = max(after, self.pause_ends_at(after) or after)
        due_at = hours.next_at(self.digest_at, hours.zone_of(self.person), begin)
        return self.quiet_end(due_at) or due_at

    def day_of(self, digest_at: datetime) -> date:
        return digest_at.astimezone(hours.zone_of(self.person)).date()
