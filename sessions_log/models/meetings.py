"""A session while it runs: whose turn it is and since when, the same for every device in the room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from matching.models import member_of
from sessions_log.models.sessions import PAIR, CoachingSession
from trust.visibility import Audience, VisibleQuerySet

MOST_OF_THE_PLANNED = 2


class Meeting(models.Model):
    """``order``: who is coached when, as the members chose it before they began; empty for the usual order."""

    session = models.OneToOneField(CoachingSession, on_delete=models.CASCADE, related_name="meeting")
    order = models.JSONField(default=list, help_text="Numbers of people.")
    ended_at = models.DateTimeField(null=True)

    audience = Audience(PAIR, lambda viewer: member_of(viewer, "session__pairing__", of="session__starts_at"))
    objects = VisibleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"meeting {self.pk}"

    def ran(self) -> list[tuple[int, int]]:
        """Who was coached and for how many minutes. A turn whose end somebody forgot counts as planned."""
        turns = list(self.turns.all())
        ends = [turn.started_at for turn in turns[1:]] + [self.ended_at]
        return [(turn.coachee_id, turn.minutes_until(end)) for turn, end in zip(turns, ends, strict=False)]

    def in_order(self, usual: Sequence[Any]) -> list[Any]:
        """Whoever has joined since the order was chosen comes last."""
        places = {pk: number for number, pk in enumerate(self.order)}
        return sorted(usual, key=lambda person: places.get(person.pk, len(places)))


class RunningTurn(models.Model):
    """A turn that has begun. It goes on until the next one begins or the meeting ends."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveSmallIntegerField()
    coachee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField(help_text="As planned.")
    started_at = models.DateTimeField(default=timezone.now)

    audience = Audience(
        PAIR, lambda viewer: member_of(viewer, "meeting__session__pairing__", of="meeting__session__starts_at")
    )
    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="a_turn_begins_once"),
            models.UniqueConstraint(fields=["meeting", "coachee"], name="everybody_has_one_turn_a_meeting"),
            models.CheckConstraint(condition=Q(number__gte=1), name="the_first_turn_is_number_1"),
        ]

    def __str__(self) -> str:
        return f"running turn {self.number}"

    @property
    def ends_at(self) -> datetime:
        """As planned."""
        return self.started_at + timedelta(minutes=self.minutes)

    def minutes_until(self, end: datetime | None) -> int:
        if end is None or end > self.started_at + MOST_OF_THE_PLANNED * (self.ends_at - self.started_at):
            return self.minutes
        return max(1, round((end - self.started_at).total_seconds() / 60))
