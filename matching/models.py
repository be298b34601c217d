"""Match runs, the proposals they made, and pairings."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from buddying.models import Cohort, Participant
from buddying.models.programmes import led_by
from trust.visibility import Audience, VisibleQuerySet

TIERS = [
    ("mutual", "They named each other"),
    ("one-way", "One named the other"),
    ("also", "“Also happy with”"),
    ("none", "Nobody named the other"),
]


# A run that shows no progress for so long belongs to a worker that was killed.
LEASE = timedelta(minutes=10)
TRIES = 3
GIVEN_UP = (
    "This run stopped half-way three times, most likely because the machine ran out of time or memory. Nothing has "
    "changed for anybody. Please tell whoever looks after Buddying."
)


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
    starts_empty = models.BooleanField(default=False, help_text="Its draft begins with nobody paired.")
    snapshot_at = models.DateTimeField(null=True)
    snapshot = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    unplaced = models.JSONField(default=list)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    audience = Audience("the cohort's leads", lambda viewer: led_by(viewer, "cohort__programme__"))
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
    def state(self) -> str:
        stages = ("published", "cancelled", "failed", "finished", "claimed")
        names = {"finished": "draft", "claimed": "running"}
        reached = next((stage for stage in stages if getattr(self, f"{stage}_at")), "waiting")
        return names.get(reached, reached)

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
        if run is None or run.is_unfinished:
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


class DraftEditQuerySet(VisibleQuerySet["DraftEdit"]):
    def standing(self) -> DraftEditQuerySet:
        return self.filter(undone_at=None)


class DraftEdit(models.Model):
    """One change of a draft by hand. ``before`` and ``after`` hold the groups that it took apart and put together."""

    KINDS = [
        ("empty", "Began with nobody paired"),
        ("pair", "Paired"),
        ("cross", "Paired crosswise"),
        ("swap", "Swapped"),
        ("join", "Made a trio"),
        ("leave", "Took out of a trio"),
        ("separate", "Separated"),
        ("keep", "Kept together"),
        ("release", "No longer kept together"),
        ("forbid", "Ruled out"),
        ("allow", "Allowed again"),
    ]

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    participants = models.JSONField(default=list)
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    audience = Audience("the cohort's leads", lambda viewer: led_by(viewer, "run__cohort__programme__"))
    objects = DraftEditQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="edits_are_numbered"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "empty",
                        "pair",
                        "cross",
                        "swap",
                        "join",
                        "leave",
                        "separate",
                        "keep",
                        "release",
                        "forbid",
                        "allow",
                    ]
                ),
                name="known_kind_of_edit",
            ),
        ]

    def __str__(self) -> str:
        return f"edit {self.number} of {self.run}"


def member_of(viewer: Any, prefix: str = "", of: str = "") -> Q:
    """Pairings in which ``viewer`` sits, or sat until it closed, reached over ``prefix``.

    Somebody who left a trio that goes on no longer sees it. ``of`` names the time that a row belongs to:
    somebody who was added to a pair sees what belongs to the time since then, and nothing of before.
    """
    seat = f"{prefix}members__"
    stayed = Q(**{f"{seat}left_at__isnull": True}) | Q(**{f"{seat}left_at": F(f"{prefix}closed_at")})
    since = Q(**{f"{seat}joined_at__lte": F(of)}) if of else Q()
    return Q(**{f"{seat}participant__person": viewer}) & stayed & since


class PairingQuerySet(VisibleQuerySet["Pairing"]):
    def live(self) -> PairingQuerySet:
        return self.filter(closed_at__isnull=True)

    def followed_by(self, lead: Any) -> PairingQuerySet:
        """Pairings whose rhythm ``lead`` follows; nobody leads a pair that they are in."""
        if not (lead.is_authenticated and lead.is_active):
            return self.none()
        mine = PairingMember.objects.filter(participant__person=lead).values("pairing")
        return self.filter(led_by(lead, "cohort__programme__")).exclude(pk__in=mine)


class Pairing(models.Model):
    """Two participants (three when a cohort is odd) for a span of time."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="pairings")
    run = models.ForeignKey(MatchRun, null=True, on_delete=models.SET_NULL, related_name="pairings")
    reasons = models.JSONField(default=list)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    audience = Audience("you and your buddy", member_of)
    objects = PairingQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "pk"]

    def __str__(self) -> str:
        return f"pairing {self.pk}"

    def people(self) -> list[Any]:
        """The people in it now, or, once closed, at its end; by name."""
        seats = self.members.filter(Q(left_at__isnull=True) | Q(left_at=F("pairing__closed_at")))
        return [seat.participant.person for seat in seats.select_related("participant__person")]

    def buddies_of(self, person: Any) -> list[Any]:
        return [other for other in self.people() if other != person]

    @transaction.atomic
    def close(self, by: Any = None, at: datetime | None = None) -> None:
        """Idempotent."""
        at = at or timezone.now()
        if Pairing.objects.live().filter(pk=self.pk).update(closed_at=at, closed_by=by):
            self.members.filter(left_at__isnull=True).update(left_at=at)
            self.refresh_from_db()


def buddies_of(viewer: Any) -> Q:
    """Participants who sit in a pairing with ``viewer``."""
    return Q(
        pk__in=PairingMember.objects.filter(pairing__in=Pairing.objects.filter(member_of(viewer))).values("participant")
    )


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
                violation_error_message="This person is already in a pairing.",
            ),
            models.UniqueConstraint(fields=["pairing", "participant"], name="one_seat_a_pairing"),
        ]

    def __str__(self) -> str:
        return f"seat {self.pk}"


class WaitingQuerySet(VisibleQuerySet["Waiting"]):
    def open(self) -> WaitingQuerySet:
        return self.filter(ended_at=None)


class Waiting(models.Model):
    """A participant of a cohort whose pairs are published waits for a buddy, since when and why.

    It is told to leads. Nothing in it says who ended a pairing: everybody who was in it has the same reason.
    """

    LEFT_OVER, LATE, BUDDY_LEFT, ENDED, PAUSED = "left-over", "late", "buddy-left", "ended", "paused"
    REASONS = [
        (LEFT_OVER, "No buddy was left over"),
        (LATE, "Joined after the pairs were published"),
        (BUDDY_LEFT, "Their buddy left the cohort"),
        (ENDED, "Their pairing ended before time"),
        (PAUSED, "Was pausing when pairs were published"),
    ]

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="waits")
    since = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=10, choices=REASONS)
    ended_at = models.DateTimeField(null=True)

    audience = Audience(
        "you and the leads",
        lambda viewer: Q(participant__person=viewer) | led_by(viewer, "participant__cohort__programme__"),
    )
    objects = WaitingQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(ended_at__isnull=True), name="one_open_wait_a_participant"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["left-over", "late", "buddy-left", "ended", "paused"]),
                name="known_reason_to_wait",
            ),
        ]

    def __str__(self) -> str:
        return f"wait {self.pk}"


class PauseQuerySet(VisibleQuerySet["Pause"]):
    def in_force(self, at: datetime | None = None) -> PauseQuerySet:
        return self.filter(ended_at=None, until__gt=at or timezone.now())


class Pause(models.Model):
    """A participant rests until a day; then it is over by itself. ``until`` is the first instant of that day."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="pauses")
    paused_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="When it was ended early, or gave way to a later one.")

    audience = Audience(
        "you, your buddy and the leads",
        lambda viewer: (
            Q(participant__person=viewer)
            | Q(participant__in=Participant.objects.filter(buddies_of(viewer)).values("pk"))
            | led_by(viewer, "participant__cohort__programme__")
        ),
    )
    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["-paused_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(ended_at__isnull=True), name="one_open_pause_a_participant"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("paused_at")), name="a_pause_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"pause {self.pk}"

    @property
    def day(self) -> date:
        """The first day back, in the cohort's zone."""
        return self.until.astimezone(self.participant.cohort.zone).date()
