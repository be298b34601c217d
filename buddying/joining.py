"""Joining a cohort through one of its doors: the join link, an invitation, or the lead's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from buddying import registry
from buddying.models import Cohort, Invitation, Participant, Person

SESSION_KEY = "joining"


class Obstacle(Enum):
    """Why a door does not open."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    USED = "used"
    EXPIRED = "expired"
    SOMEBODY_ELSES = "somebody else’s"
    LINK_CLOSED = "link closed"
    NOT_YET = "not yet"
    TOO_LATE = "too late"
    REMOVED = "removed"


class Closed(Exception):
    def __init__(self, obstacle: Obstacle, cohort: Cohort | None = None, invitation: Invitation | None = None):
        super().__init__(obstacle.value)
        self.obstacle = obstacle
        self.cohort = cohort
        self.invitation = invitation


@dataclass(frozen=True)
class Door:
    """An open way into a cohort; ``address`` is the one address that may pass, where it is bound to one."""

    cohort: Cohort
    kind: str
    token: str
    invitation: Invitation | None = None

    @property
    def address(self) -> str | None:
        return self.invitation.email if self.invitation else None

    @property
    def url(self) -> str:
        return url_of(self.kind, self.token)

    def check(self, person: Person) -> None:
        if self.address and self.address.lower() != (person.email or "").lower():
            raise Closed(Obstacle.SOMEBODY_ELSES, self.cohort, self.invitation)
        if not self.invitation and self.cohort.participants.removed().filter(person=person).exists():
            raise Closed(Obstacle.REMOVED, self.cohort)


def url_of(kind: str, token: str) -> str:
    return reverse(f"buddying:{kind}", args=[token])


def by_link(token: str, at: datetime | None = None) -> Door:
    """Raises Closed."""
    cohort = Cohort.objects.filter(join_token=token).select_related("programme").first()
    if cohort is None:
        raise Closed(Obstacle.UNKNOWN)
    if cohort.join_link_closed_at:
        raise Closed(Obstacle.LINK_CLOSED, cohort)
    if not cohort.signing_up(at):
        raise Closed(Obstacle.NOT_YET, cohort)
    if not cohort.nominating(at):
        raise Closed(Obstacle.TOO_LATE, cohort)
    return Door(cohort, "join_cohort", token)


def by_invitation(token: str, at: datetime | None = None) -> Door:
    """Raises Closed."""
    invitation = Invitation.objects.signed(token, at)
    if invitation is None:
        raise Closed(Obstacle.UNKNOWN)
    if obstacle := _obstacle(invitation, at):
        raise Closed(obstacle, invitation.cohort, invitation)
    check_dates(invitation.cohort, at, invitation)
    return Door(invitation.cohort, "invitation", token, invitation)


OPENED_BY = {"join_cohort": by_link, "invitation": by_invitation}


def _obstacle(invitation: Invitation, at: datetime | None) -> Obstacle | None:
    if invitation.accepted_at:
        return Obstacle.USED
    if invitation.revoked_at:
        return Obstacle.REVOKED
    return Obstacle.EXPIRED if invitation.is_expired(at) else None


def check_dates(cohort: Cohort, at: datetime | None = None, invitation: Invitation | None = None) -> None:
    """Whom a lead has invited or put on the list may come late, and then waits for a buddy. Raises Closed."""
    if cohort.has_ended(at):
        raise Closed(Obstacle.TOO_LATE, cohort, invitation)


@transaction.atomic
def enter(door: Door, person: Person, at: datetime | None = None) -> Participant:
    """Join through a door, which is looked at once more. Raises Closed."""
    _lock(door.cohort.pk)
    if door.invitation:
        Invitation.objects.select_for_update().get(pk=door.invitation.pk)
    door = OPENED_BY[door.kind](door.token, at)
    door.check(person)
    return _join(door.cohort, person, at)


@transaction.atomic
def join_as_listed(participant: Participant, at: datetime | None = None) -> Participant:
    """Somebody whom the lead put on the list says yes. Raises Closed when the cohort has ended."""
    _lock(participant.cohort_id)
    participant.refresh_from_db(fields=["joined_at", "left_at"])
    if participant.is_present:
        return participant
    check_dates(participant.cohort, at)
    return _join(participant.cohort, participant.person, at)


def _join(cohort: Cohort, person: Any, at: datetime | None) -> Participant:
    at = at or timezone.now()
    participant, _ = Participant.objects.get_or_create(cohort=cohort, person=person)
    if not participant.is_present:
        participant.join(at)
        for hook in registry.when_joined:
            hook(participant, at)
    cohort.invitations.open(at).to_address(person.email or "").update(accepted_at=at)
    return participant


@transaction.atomic
def leave(participant: Participant, at: datetime | None = None, removed_by: Any = None) -> None:
    """Idempotent. Higher floors let go of the person in the same transaction.

    Whoever was removed by a lead needs an invitation to come back: the join link opens to them no more.
    """
    at = at or timezone.now()
    _lock(participant.cohort_id)
    if Participant.objects.listed().filter(pk=participant.pk).update(left_at=at, removed_by=removed_by):
        participant.left_at = at
        for hook in registry.when_left:
            hook(participant, at)


def leave_all(person: Person, at: datetime) -> None:
    """Called when an account ends. A cohort that has ended keeps its numbers."""
    listed = Participant.objects.listed().filter(person=person).select_related("cohort__programme")
    for participant in listed.order_by("cohort"):
        if not participant.cohort.has_ended(at):
            leave(participant, at)


def _lock(cohort_id: int) -> None:
    """Before any row of the cohort: whoever invites, joins, leaves, pairs or parts people there stands in line."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort_id)


def what_leaving_means(participant: Participant) -> list[str]:
    """Sentences for the page that asks."""
    return [sentence for tell in registry.what_leaving_means if (sentence := tell(participant))]


# What a visitor wants, kept in the session until their code has come back.


def remember(request: HttpRequest, door: Door) -> None:
    request.session[SESSION_KEY] = {"kind": door.kind, "token": door.token, "wanted": False}


def mark_wanted(request: HttpRequest, wanted: bool = True) -> None:
    """A code was asked for from the page of the door, or from elsewhere: only the former will join."""
    if kept := request.session.get(SESSION_KEY):
        request.session[SESSION_KEY] = kept | {"wanted": wanted}


def wanted_at(request: HttpRequest) -> str | None:
    """The page of the door from which the code was asked for."""
    kept = request.session.get(SESSION_KEY)
    return url_of(kept["kind"], kept["token"]) if kept and kept["wanted"] else None


def remembered(request: HttpRequest) -> Door | None:
    """The door this visitor stood at, if it is still open."""
    kept = request.session.get(SESSION_KEY)
    try:
        return OPENED_BY[kept["kind"]](kept["token"]) if kept else None
    except Closed:
        return None


def fulfil(request: HttpRequest, person: Person) -> str | None:
    """Join as wanted before logging in; returns where to go on, None when nothing was wanted."""
    kept = request.session.pop(SESSION_KEY, None)
    if not kept or not kept["wanted"]:
        return None
    try:
        participant = enter(OPENED_BY[kept["kind"]](kept["token"]), person)
    except Closed:
        return url_of(kept["kind"], kept["token"])  # the page there says why
    return after_joining(participant)


def after_joining(participant: Participant) -> str:
    return reverse("buddying:profile", args=[participant.cohort_id])
