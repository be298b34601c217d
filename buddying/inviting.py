"""Inviting people to a cohort by their addresses, many at once.

An address that does not answer is invited once a day and five times by one cohort; its lead is told so. Mail about it
goes out ten times in thirty days, whichever cohorts it is about. That limit shows to nobody, or a lead would learn who
has been invited elsewhere: the invitation stands like any other, without a mail.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from buddying import letters
from buddying.models import Cohort, Invitation, Participant, Person
from buddying.models.invitations import VALID_FOR

EVERY = timedelta(days=1)
FROM_ONE = 5
FROM_ALL, LATELY = 10, timedelta(days=30)
TODAY, OFTEN = "today", "often"

LOCKS, DRAWERS = 0x1247 << 40, 1024  # our range of advisory locks: this, plus the drawer that an address is in

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
    """Each address once; those who take part, hold an open invitation or had enough of ours are left out."""
    at = at or timezone.now()
    wanted = list(dict.fromkeys(address.lower() for address in addresses))
    _hold(cohort.pk, wanted)
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


def _hold(cohort: int, addresses: list[str]) -> None:
    """Against others who invite to this cohort, or write to one of these addresses, at this moment."""
    Cohort.objects.select_for_update().get(pk=cohort)
    drawers = sorted({LOCKS + zlib.crc32(address.encode()) % DRAWERS for address in addresses})
    with connection.cursor() as cursor:
        # A list is unnested in its order, so everybody takes the locks in the same one.
        cursor.execute("SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number", [drawers])


def held_back(cohort: Cohort, addresses: list[str], at: datetime | None = None) -> dict[str, str]:
    """Which of these addresses, in lower case, this cohort may not invite now, and why. What was accepted is over."""
    at = at or timezone.now()
    counted = _unanswered(addresses).filter(cohort=cohort).values_list("low")
    rows = counted.annotate(today=Count("pk", filter=Q(invited_at__gt=at - EVERY)), number=Count("pk"))
    found = {low: _why(today, number) for low, today, number in rows}
    return {low: why for low, why in found.items() if why}


def _why(today: int, number: int) -> str:
    if number >= FROM_ONE:
        return OFTEN
    return TODAY if today else ""


def _written_to_enough(addresses: list[str], at: datetime) -> set[str]:
    """By all cohorts together. Nobody is told."""
    lately = _unanswered(addresses).filter(mailed_at__gt=at - LATELY).values_list("low")
    return {low for low, number in lately.annotate(number=Count("pk")) if number >= FROM_ALL}


def _unanswered(addresses: list[str]) -> QuerySet[Any]:
    invited = Invitation.objects.filter(accepted_at=None).annotate(low=Lower("email"))
    return invited.filter(low__in=addresses).order_by()


def _of(rows: QuerySet[Any], addresses: list[str], column: str = "email") -> set[str]:
    return set(rows.annotate(low=Lower(column)).filter(low__in=addresses).values_list("low", flat=True))


def _send(cohort: Cohort, addresses: list[str], by: Any, at: datetime) -> None:
    former = Invitation.objects.filter(cohort=cohort, accepted_at=None, revoked_at=None)
    former.annotate(low=Lower("email")).filter(low__in=addresses).update(revoked_at=at)
    times, enough = {"invited_at": at, "expires_at": at + VALID_FOR}, _written_to_enough(addresses, at)
    sent = Invitation.objects.bulk_create(
        Invitation(cohort=cohort, email=address, invited_by=by, mailed_at=None if address in enough else at, **times)
        for address in addresses
    )
    letters.post_invitations(invitation for invitation in sent if invitation.mailed_at)


@transaction.atomic
def invite_again(invitation: Invitation, by: Any, at: datetime | None = None) -> str:
    """A new link for seven days; the old one stops working. An accepted invitation stays as it is.

    Says why nobody was invited, if nobody was: TODAY or OFTEN.
    """
    at = at or timezone.now()
    address = invitation.email.lower()
    _hold(invitation.cohort_id, [address])
    invitation.refresh_from_db()
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
