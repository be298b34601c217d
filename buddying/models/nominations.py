from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models.participation import Participant
from trust.visibility import Audience, VisibleQuerySet

RANKS = [(1, _("First wish")), (2, _("Second wish")), (3, _("Third wish"))]


class NominationQuerySet(VisibleQuerySet["Nomination"]):
    def ranked(self) -> NominationQuerySet:
        return self.filter(rank__isnull=False).order_by("rank")

    def also(self) -> NominationQuerySet:
        return self.filter(rank__isnull=True)


class Nomination(models.Model):
    """A participant names another as a wished-for buddy, ranked 1-3, or unranked: "also happy with".

    Leads see nominations only inside a match run, until pairs are published; this queryset is the person's own.
    """

    nominator = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="nominations")
    nominee = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="nominated_by")
    rank = models.PositiveSmallIntegerField(null=True, blank=True, choices=RANKS)
    named_at = models.DateTimeField(default=timezone.now)

    audience = Audience(
        _("you, and the leads until pairs are published; the people you name are never told"),
        lambda viewer: Q(nominator__person=viewer),
    )
    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = [F("rank").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nominator", "nominee"],
                name="a_fellow_is_named_once",
                violation_error_message=_("You have already named this person."),
            ),
            models.UniqueConstraint(
                fields=["nominator", "rank"],
                name="each_rank_is_used_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("You have already given this place to somebody."),
            ),
            models.CheckConstraint(condition=Q(rank__isnull=True) | Q(rank__range=(1, 3)), name="ranks_1_to_3"),
            models.CheckConstraint(
                condition=~Q(nominator=F("nominee")),
                name="nobody_names_themself",
                violation_error_message=_("You cannot name yourself."),
            ),
        ]

    def __str__(self) -> str:
        return f"nomination {self.pk}"


class Refusal(models.Model):
    """ "Please not with": private, no reason asked, a hard rule of matching."""

    refuser = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="refusals")
    refused = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="refused_by")
    refused_at = models.DateTimeField(default=timezone.now)

    audience = Audience(_("only you; nobody is told, and no reason is asked"), lambda v: Q(refuser__person=v))
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["refuser", "refused"],
                name="a_fellow_is_refused_once",
                violation_error_message=_("You have already said this."),
            ),
            models.CheckConstraint(
                condition=~Q(refuser=F("refused")),
                name="nobody_refuses_themself",
                violation_error_message=_("You cannot refuse yourself."),
            ),
        ]

    def __str__(self) -> str:
        return f"refusal {self.pk}"
