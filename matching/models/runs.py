"""Match runs and the proposals they made."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Cohort, Participant
from buddying.models.programmes import led_by
from matching.run_words import GIVEN_UP, failure_in_words, step_in_words
from trust.visibility import Audience, VisibleQuerySet

TIERS = [
    ("mutual", _("They named each other")),
    ("one-way", _("One named the other")),
    ("also", _("“Also happy with”")),
    ("none", _("Nobody named the other")),
]


# A run that shows no progress for so long belongs to a worker that was killed.
LEASE = timedelta(minutes=10)
TRIES = 3


def _abandoned(at: datetime | None) -> Q:
    return Q(claimed_at__lt=(at or timezone.now()) - LEASE)


class MatchRunQuerySet(VisibleQuerySet["MatchRun"]):
    def unfinished(self) -> MatchRunQuerySet:
        return self.filter(finished_at=None, failed_at=None, cancelled_at=None)

    def claimable(self, at: datetime | None = None) -> MatchRunQuerySet:
        """Waiting, or left behind by a worker that was killed."""
        return self.unfinished().filter(Q(claimed_at=None) | _abandoned(at), claims__lt=TRIES)

    def give_up_hopeless(self, at: datetime | None = None) -> None:
        """Runs that took their worker down with them each time."""
        hopeless = self.unfinished().filter(_abandoned(at), claims__gte=TRIES)
        hopeless.update(failed_at=at or timezone.now(), failure=GIVEN_UP)

    def drafts(self) -> MatchRunQuerySet:
        return self.filter(finished_at__isnull=False, published_at=None)

    def to_be_published(self, at: datetime | None = None) -> MatchRunQuerySet:
        """Asked for and not begun, or left behind by a worker that was killed."""
        stale = Q(publishing_claimed_at__lt=(at or timezone.now()) - LEASE)
        free = Q(publishing_claimed_at=None) | stale
        return self.filter(free, published_at=None, publishing_at__isnull=False)

    def published(self) -> MatchRunQuerySet:
        return self.filter(published_at__isnull=False)


class MatchRun(models.Model):
    """One computation of proposed pairings from a snapshot and a policy."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="match_runs")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    round = models.PositiveSmallIntegerField(
        default=1, help_text="1 pairs the cohort; later rounds are for those who wait after that."
    )
    claimed_at = models.DateTimeField(null=True, help_text="Renewed with each step of progress.")
    claims = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=120, blank=True)
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True)
    policy = models.JSONField(default=dict)
    based_on = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    pinned = models.JSONField(default=list, help_text="Groups of participants whom a lead has put together.")
    forbidden = models.JSONField(default=list, help_text="Pairs of participants whom a lead has ruled out.")
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="A lead who takes part if somebody would otherwise be left without a buddy.",
    )
    starts_empty = models.BooleanField(default=False, help_text="Its draft begins with nobody paired.")
    snapshot_at = models.DateTimeField(null=True)
    snapshot = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    proof = models.JSONField(default=dict, help_text="A digest of snapshot and plan, before somebody was taken out.")
    unplaced = models.JSONField(default=list)
    publishing_at = models.DateTimeField(null=True, help_text="Since when a large draft is to be published.")
    publishing_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    publishing_claimed_at = models.DateTimeField(null=True)
    not_published = models.TextField(blank=True, help_text="Why it could not be published when that was asked last.")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    audience = Audience(_("the cohort's leads"), lambda viewer: led_by(viewer, "cohort__programme__"))
    objects = MatchRunQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "round"],
                condition=Q(published_at__isnull=False),
                name="one_published_run_a_round",
            ),
            models.UniqueConstraint(
                fields=["cohort"],
                condition=Q(finished_at=None, failed_at=None, cancelled_at=None),
                name="one_run_at_a_time_a_cohort",
            ),
            models.CheckConstraint(condition=Q(progress__range=(0, 100)), name="progress_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"match run {self.pk}"

    @property
    def is_unfinished(self) -> bool:
        return not (self.finished_at or self.failed_at or self.cancelled_at)

    @property
    def is_being_published(self) -> bool:
        return self.publishing_at is not None and self.published_at is None

    @property
    def is_under_way(self) -> bool:
        """Somebody waits for it to become a draft, or to be published."""
        return self.is_unfinished or self.is_being_published

    @property
    def state(self) -> str:
        stages = ("published", "cancelled", "failed", "finished", "claimed")
        names = {"finished": "draft", "claimed": "running"}
        reached = next((stage for stage in stages if getattr(self, f"{stage}_at")), "waiting")
        return names.get(reached, reached)

    @property
    def doing(self) -> str:
        return step_in_words(self.step)

    @property
    def why_failed(self) -> str:
        return failure_in_words(self.failure, self.pk)

    @property
    def is_draft(self) -> bool:
        return self.state == "draft"

    @property
    def shows_wishes(self) -> bool:
        """Leads may read who named whom until the cohort's pairs are published, and in no round after that."""
        return self.published_at is None and self.round == 1

    def published_instead(self) -> MatchRun | None:
        """The other run of this round that was published, if this one never can be."""
        others = MatchRun.objects.published().filter(cohort=self.cohort_id, round=self.round).exclude(pk=self.pk)
        return others.defer("snapshot", "plan").select_related("published_by").first()

    def cancel(self, at: datetime | None = None) -> None:
        """Idempotent; a run that has ended stays as it is."""
        MatchRun.objects.unfinished().filter(pk=self.pk).update(cancelled_at=at or timezone.now())
        self.refresh_from_db(fields=["cancelled_at"])

    @transaction.atomic
    def discard(self) -> bool:
        """Removes it with all that it knew, and says whether. A run that is under way or published stays."""
        run = MatchRun.objects.select_for_update().filter(pk=self.pk, published_at=None).first()
        if run is None or run.is_under_way:
            return False
        run.delete()
        return True


class Proposal(models.Model):
    """A pairing that a run proposes."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField()
    tier = models.CharField(max_length=10, choices=TIERS)
    weight = models.DecimalField(
        max_digits=100, decimal_places=0, help_text="A whole number; large cohorts outgrow 64 bits."
    )
    reasons_for_lead = models.JSONField(default=list)
    reasons_for_members = models.JSONField(default=list)
    pinned_at = models.DateTimeField(null=True, help_text="Since when a lead keeps these people together.")
    participants = models.ManyToManyField(Participant, through="ProposalSeat", related_name="proposals")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="proposals_are_numbered"),
            models.CheckConstraint(condition=Q(tier__in=["mutual", "one-way", "also", "none"]), name="known_tier"),
        ]

    def __str__(self) -> str:
        return f"proposal {self.number} of {self.run}"


class ProposalSeat(models.Model):
    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="seats")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    tier = models.CharField(max_length=10, choices=TIERS, help_text="The best that this person can claim.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "participant"], name="one_proposal_a_run_and_participant"),
            models.CheckConstraint(
                condition=Q(tier__in=["mutual", "one-way", "also", "none"]), name="known_tier_of_a_seat"
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.pk}"
