"""Pairings and their members."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Participant
from buddying.models.programmes import led_by
from matching import saying
from matching.models.runs import MatchRun
from trust.visibility import Audience, VisibleQuerySet


def member_of(viewer: Any, prefix: str = "", of: str = "") -> Q:
    """Pairings in which ``viewer`` sits, or sat until it closed, reached over ``prefix``.

    Somebody who left a trio that goes on no longer sees it. ``of`` names the time that a row belongs to:
    somebody who was added to a pair sees what belongs to the time since then, and nothing of before.
    """
    seat = f"{prefix}members__"
    stayed = Q(**{f"{seat}left_at__isnull": True}) | Q(**{f"{seat}left_at": F(f"{prefix}closed_at")})
    since = Q(**{f"{seat}joined_at__lte": F(of)}) if of else Q()
    return Q(**{f"{seat}participant__person": viewer}) & stayed & since


def was_member_of(viewer: Any, prefix: str = "", *, of: str) -> Q:
    """Pairings that ``viewer`` has left, reached over ``prefix``, in which they sat at the time named ``of``."""
    seat = f"{prefix}members__"
    then = {f"{seat}joined_at__lte": F(of), f"{seat}left_at__gte": F(of)}
    return Q(**{f"{seat}participant__person": viewer}, **then)


def within_cohort(of: str, prefix: str = "") -> Q:
    """What happened, at the time named ``of``, while the pairing over ``prefix`` was still part of its cohort."""
    return Q(**{f"{prefix}continues_at__isnull": True}) | Q(**{f"{of}__lt": F(f"{prefix}continues_at")})


class PairingQuerySet(VisibleQuerySet["Pairing"]):
    def live(self) -> PairingQuerySet:
        return self.filter(closed_at__isnull=True)

    def followed_by(self, lead: Any, at: datetime | None = None) -> PairingQuerySet:
        """Pairings whose rhythm ``lead`` follows; nobody leads a pair that they are in, or that goes on privately."""
        if not (lead.is_authenticated and lead.is_active):
            return self.none()
        mine = PairingMember.objects.filter(participant__person=lead).values("pairing")
        private = Q(continues_at__lte=at or timezone.now())
        return self.filter(led_by(lead, "cohort__programme__")).exclude(pk__in=mine).exclude(private)


class Pairing(models.Model):
    """Two participants (three when a cohort is odd) for a span of time."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="pairings")
    run = models.ForeignKey(MatchRun, null=True, on_delete=models.SET_NULL, related_name="pairings")
    reasons = models.JSONField(default=list)
    opened_at = models.DateTimeField(default=timezone.now)
    continues_at = models.DateTimeField(
        null=True, help_text="From when on its people go on privately, outside the cohort, as all of them wished."
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    audience = Audience(_("you and your buddy"), member_of)
    objects = PairingQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "pk"]

    def __str__(self) -> str:
        return f"pairing {self.pk}"

    @property
    def why(self) -> list[Any]:
        """What speaks for it, as its members may read it: sentences, in the language of whoever reads them."""
        return [saying.lazily_to_members(row) for row in self.reasons]

    def people(self) -> list[Any]:
        """The people in it now, or, once closed, at its end; by name."""
        seats = self.members.filter(Q(left_at__isnull=True) | Q(left_at=F("pairing__closed_at")))
        return [seat.participant.person for seat in seats.select_related("participant__person")]

    def buddies_of(self, person: Any) -> list[Any]:
        return [other for other in self.people() if other != person]

    def is_private(self, at: datetime | None = None) -> bool:
        """It goes on outside its cohort, and no lead follows it any more."""
        return self.continues_at is not None and self.continues_at <= (at or timezone.now())

    def is_over(self, at: datetime | None = None) -> bool:
        """Closed, or ended with its cohort."""
        return self.closed_at is not None or (self.continues_at is None and self.cohort.has_ended(at))

    @transaction.atomic
    def close(self, by: Any = None, at: datetime | None = None) -> None:
        """Idempotent."""
        at = at or timezone.now()
        if Pairing.objects.live().filter(pk=self.pk).update(closed_at=at, closed_by=by):
            self.members.filter(left_at__isnull=True).update(left_at=at)
            self.refresh_from_db()


def buddies_of(viewer: Any) -> Q:
    """Participants who sit in a pairing with ``viewer`` now: not who left it, nor who was their buddy once."""
    mine = PairingMember.objects.filter(participant__person=viewer, left_at__isnull=True).values("pairing")
    return Q(pk__in=PairingMember.objects.filter(pairing__in=mine, left_at__isnull=True).values("participant"))


class PairingMember(models.Model):
    """One person's seat in a pairing."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="members")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="seats")
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["participant__person__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(left_at__isnull=True),
                name="one_live_pairing_a_participant",
                violation_error_message=_("This person is already in a pairing."),
            ),
            models.UniqueConstraint(fields=["pairing", "participant"], name="one_seat_a_pairing"),
        ]

    def __str__(self) -> str:
        return f"seat {self.pk}"
