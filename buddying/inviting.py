"""Inviting people to a cohort by their addresses, many at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from buddying import letters
from buddying.models import Cohort, Invitation, Participant, Person
from buddying.models.invitations import VALID_FOR

# How often an address is written to that does not answer: by one cohort, and by all of them together.
EVERY = timedelta(days=1)
FROM_ONE = 5
FROM_ALL, LATELY = 10, timedelta(days=30)
TODAY, OFTEN = "today", "often"

TOKEN = re.compile(r"<[^<>]*>|[^\s,;<>]+")


class Found(NamedTuple):
    line: int
    text: str

    @property
    def is_address(self) -> bool:
        try:
            validate_email(self.text)
        except ValidationError:
            return False
        return len(self.text) <= 254


def read(pasted: str) -> list[Found]:
    """What stands where addresses should, in lower case, with its line; a name before ``<…>`` is left out."""
    return list(each_in(pasted))


def each_in(pasted: str) -> Iterator[Found]:
    """The same one by one, for somebody who may have seen enough."""
    return (found for number, line in enumerate(pasted.splitlines(), 1) for found in _read_line(number, line))


def _read_line(number: int, line: str) -> Iterator[Found]:
    words: list[str] = []
    for match in TOKEN.finditer(line):
        token = match[0]
        if token.startswith("<") or "@" in token:
            if words and not token.startswith("<"):
                yield Found(number, " ".join(words))
            words = []
            yield Found(number, _bare(token))
        elif word := _bare(token):
            words.append(word)
    if words:
        yield Found(number, " ".join(words))


def _bare(token: str) -> str:
    return token.strip("<>\"'()[] ").removeprefix("mailto:").rstrip(".").lower()


@dataclass
class Outcome:
    """Who was invited, and who was left out for which reason; addresses each."""

    invited: list[str] = field(default_factory=list)
    taking_part: list[str] = field(default_factory=list)
    already_invited: list[str] = field(default_factory=list)
    today: list[str] = field(default_factory=list)
    often: list[str] = field(default_factory=list)
    account_closed: list[str] = field(default_factory=list)


@transaction.atomic
def invite(cohort: Cohort, addresses: Iterable[str], by: Any, at: datetime | None = None) -> Outcome:
    """Each address once; those who take part, hold an open invitation or had enough of them are left out."""
    at = at or timezone.now()
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    wanted = list(dict.fromkeys(address.lower() for address in addresses))
    outcome, waits = Outcome(), held_back(cohort, wanted, at)
    left_out = (
        (
            _of(Participant.objects.present().filter(cohort=cohort), wanted, "person__email"),
            outcome.taking_part,
        ),
        (_of(Person.objects.filter(deactivated_at__isnull=False), wanted), outcome.account_closed),
        (_of(Invitation.objects.open(at).filter(cohort=cohort), wanted), outcome.already_invited),
        ({address for address, why in waits.items() if why == TODAY}, outcome.today),
        (set(waits), outcome.often),
    )
    for address in wanted:
        next((group for known, group in left_out if address in known), outcome.invited).append(address)
    _send(cohort, outcome.invited, by, at)
    return outcome


def held_back(cohort: Cohort, addresses: list[str], at: datetime | None = None) -> dict[str, str]:
    """Which of these addresses, in lower case, nobody may write to now, and why. What was accepted does not count.

    That other cohorts have written to somebody is not told apart from that this one has.
    """
    at, here = at or timezone.now(), Q(cohort=cohort)
    sent = Invitation.objects.filter(accepted_at=None).annotate(low=Lower("email")).filter(low__in=addresses)
    rows = (
        sent.order_by()
        .values_list("low")
        .annotate(
            today=Count("pk", filter=here & Q(invited_at__gt=at - EVERY)),
            here=Count("pk", filter=here),
            lately=Count("pk", filter=Q(invited_at__gt=at - LATELY)),
        )
    )
    found = {low: _why(today, number, lately) for low, today, number, lately in rows}
    return {low: why for low, why in found.items() if why}


def _why(today: int, here: int, lately: int) -> str:
    if here >= FROM_ONE or lately >= FROM_ALL:
        return OFTEN
    return TODAY if today else ""


def _of(rows: QuerySet[Any], addresses: list[str], column: str = "email") -> set[str]:
    return set(rows.annotate(low=Lower(column)).filter(low__in=addresses).values_list("low", flat=True))


def _send(cohort: Cohort, addresses: list[str], by: Any, at: datetime) -> None:
    former = Invitation.objects.filter(cohort=cohort, accepted_at=None, revoked_at=None)
    former.annotate(low=Lower("email")).filter(low__in=addresses).update(revoked_at=at)
    expires_at = at + VALID_FOR
    letters.post_invitations(
        Invitation.objects.bulk_create(
            Invitation(cohort=cohort, email=address, invited_by=by, invited_at=at, expires_at=expires_at)
            for address in addresses
        )
    )


@transaction.atomic
def invite_again(invitation: Invitation, by: Any, at: datetime | None = None) -> str:
    """A new link for seven days; the old one stops working. An accepted invitation stays as it is.

    Says why nothing was sent, if nothing was: TODAY or OFTEN.
    """
    at = at or timezone.now()
    Cohort.objects.select_for_update().get(pk=invitation.cohort_id)
    invitation.refresh_from_db()
    address = invitation.email.lower()
    why = held_back(invitation.cohort, [address], at).get(address, "")
    if invitation.accepted_at is None and not why:
        _send(invitation.cohort, [address], by, at)
    return why


def listed_to_invite(cohort: Cohort, at: datetime | None = None) -> list[str]:
    """Addresses of people on the list who have not joined, hold no open invitation and may be written to."""
    waiting = Participant.objects.listed().filter(
        cohort=cohort,
        joined_at__isnull=True,
        person__email__isnull=False,
        person__deactivated_at__isnull=True,
    )
    addresses = list(waiting.annotate(low=Lower("person__email")).values_list("low", flat=True))
    invited = _of(Invitation.objects.open(at).filter(cohort=cohort), addresses)
    invited |= set(held_back(cohort, addresses, at))
    return [address for address in addresses if address not in invited]
