"""What a cohort is mailed: each kind with what brings it about, how many were sent, and what it looks like."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse

from buddying.models import Cohort
from insights.aggregates import FEWEST
from outbox.groups import ACCESS, Group
from outbox.kinds import Foot, Kind, Letter, all_kinds, footed
from outbox.models import Message


@dataclass(frozen=True)
class Row:
    """``sent`` is None where fewer than five people got one, nobody included: it would say who, and that it began."""

    kind: Kind
    sent: int | None


@dataclass(frozen=True)
class Section:
    group: Group
    rows: list[Row]


def sections(cohort: Cohort) -> list[Section]:
    sent = _sent(cohort)
    known = [kind for kind in all_kinds() if kind.preview and kind.when]
    return [
        Section(group, [Row(kind, sent.get(kind.name)) for kind in kinds])
        for group, kinds in groupby(known, key=lambda kind: kind.about)
    ]


def _sent(cohort: Cohort) -> dict[str, int | None]:
    rows = Message.objects.sent().filter(cohort_id=cohort.pk).order_by().values("kind")
    counted = rows.annotate(
        mails=Count("pk"),
        reached=Count("recipient", distinct=True) + Count("address", filter=~Q(address=""), distinct=True),
    )
    return {row["kind"]: row["mails"] if row["reached"] >= FEWEST else None for row in counted}


def preview(kind: Kind, cohort: Cohort) -> Letter:
    """With people who do not exist, in the cohort's words."""
    assert kind.preview is not None
    with footed(_foot(kind)):
        return kind.preview(cohort)


def _foot(kind: Kind) -> Foot | None:
    """As it is in the real mail, but for the link that stops it: here it leads to the choices."""
    if kind.group == ACCESS:
        return None
    choices = settings.BASE_URL + reverse("outbox:choices")
    return Foot(kind.about.because, choices, "" if kind.is_essential else choices, kind.about.always)
