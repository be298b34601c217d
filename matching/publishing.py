"""Publishing a draft: all pairings or none, nobody in two, everybody told once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg2.errors import LockNotAvailable

from buddying.models import Cohort, Participant
from matching import editing, engine, letters, registry, standing_in, waiting
from matching.changes import changes_since, groups_of
from matching.models import MatchRun, Pairing, PairingMember, Proposal
from matching.waiting import to_be_matched

BUSY = _("Somebody else is publishing pairs of this cohort at this moment. Please look again shortly.")
IN_TWO = _("Somebody in this draft found a buddy in the meantime. Match again.")
NOT_A_DRAFT = _("This run has no pairings to publish.")
NOT_PROVEN = _(
    "This draft could not be checked once more, so nothing was published and nobody was told. Match again; if that "
    "does not help, please tell whoever looks after Buddying."
)


Groups = set[frozenset[int]]


class CannotPublish(Exception):
    """Why a draft cannot be published: a sentence for the lead."""


def publish(run: MatchRun, by: Any, at: datetime | None = None) -> None:
    """Idempotent: publishing what is published does nothing. Raises CannotPublish, and then nothing has changed."""
    try:
        proven = _prove(run.pk)
        with transaction.atomic():
            _publish(run.pk, by, at or timezone.now(), proven)
    except DatabaseError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise CannotPublish(BUSY) from error
        if "one_live_pairing_a_participant" in str(error):
            raise CannotPublish(IN_TWO) from error
        raise


def _publish(run_id: int, by: Any, at: datetime, proven: Groups) -> None:
    Cohort.objects.select_for_update().get(match_runs=run_id)
    run = MatchRun.objects.defer("snapshot", "plan").select_related("cohort__programme").get(pk=run_id)
    if run.published_at:
        return
    _refuse_another(run)
    _hold(run, by)
    if proven != set(map(frozenset, groups_of(run))):
        _judge(run)
    standing_in.join(run, at)
    run.published_at, run.published_by = at, by
    run.save(update_fields=["published_at", "published_by"])
    pairings = _open(run, at)
    waiting.end(Participant.objects.filter(proposals__run=run), at)
    waiting.begin_after_publishing(run, at)
    standing_in.let_go()
    letters.post_pairings(pairings, run)
    letters.post_waiting(run, to_be_matched(run.cohort).select_related("person"))
    for hook in registry.when_opened:
        hook(pairings, at)


def _refuse_another(run: MatchRun) -> None:
    if published := run.published_instead():
        words = gettext("%(name)s has already published another draft of this cohort. Nothing was sent twice.")
        raise CannotPublish(words % {"name": published.published_by or gettext("Another lead")})
    if not run.is_draft:
        raise CannotPublish(NOT_A_DRAFT)


def _hold(run: MatchRun, by: Any) -> None:
    """Nobody of the draft leaves while it is being published, and nobody has left before."""
    drafted = Participant.objects.filter(proposals__run=run).order_by("pk")
    list(drafted.select_for_update(of=["self"]).values_list("pk"))
    if blocking := changes_since(run, by).blocking:
        raise CannotPublish(blocking)


def _prove(run_id: int) -> Groups:
    """The plan is proven once more, before anybody is kept waiting: it never changes. The pairings it proves.

    Nothing for a run that is published or has no plan, about which more is said later.
    """
    stored = MatchRun.objects.filter(pk=run_id, published_at=None, finished_at__isnull=False)
    row = stored.values_list("snapshot", "plan").first()
    if row is None:
        return set()
    plan, problem = engine.Plan.from_dict(row[1]), engine.Problem.from_dict(row[0])
    try:
        engine.verify(problem, plan)
    except engine.NotProven as error:
        raise CannotPublish(NOT_PROVEN) from error
    return {frozenset(map(int, pairing.members)) for pairing in plan.pairings}


def _judge(run: MatchRun) -> None:
    """A draft changed by hand keeps the same rules, and says so itself."""
    if not run.edits.standing().exists():
        raise CannotPublish(NOT_PROVEN)
    if refused := editing.why_not_as_it_stands(run):
        raise CannotPublish(refused)


def _open(run: MatchRun, at: datetime) -> list[Pairing]:
    proposals = list(Proposal.objects.filter(run=run).prefetch_related("seats"))
    pairings = Pairing.objects.bulk_create(
        Pairing(cohort=run.cohort, run=run, reasons=proposal.reasons_for_members, opened_at=at)
        for proposal in proposals
    )
    PairingMember.objects.bulk_create(
        PairingMember(pairing=pairing, participant_id=seat.participant_id, joined_at=at)
        for pairing, proposal in zip(pairings, proposals, strict=True)
        for seat in proposal.seats.all()
    )
    return pairings
