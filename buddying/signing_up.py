"""From the sign-up form to the code that comes back. Until then a name at an address is anybody's word for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone

from buddying.erasing_people import forget_log_ins_and_devices
from buddying.models import Invitation, Person
from buddying.models.people import one_line
from outbox import bounces
from outbox.models import Message
from trust.acting import Purpose, acting_as_system

SESSION_KEY = "signing up"
KEPT_FOR = timedelta(days=1)
A_BATCH = 500
SAID = ("name", "time_zone", "language")


def remember(request: HttpRequest, address: str, said: dict[str, str]) -> None:
    """What this browser typed: it stands if the code comes back here, whoever types the same address meanwhile."""
    request.session[SESSION_KEY] = {"address": address.lower(), "said": said}


def retype(address: str, said: dict[str, str], at: datetime | None = None) -> None:
    """The same, in place of what an earlier form said of an address that nobody has proved. One query, for anybody."""
    said = said | {"name": one_line(said["name"])}
    Person.objects.with_address(address).filter(pk__in=Person.objects.unproved().values("pk")).update(
        **said, unproved_since=at or timezone.now()
    )


def prove(request: HttpRequest, person: Person) -> None:
    """They have logged in. Whoever was put on a list meanwhile keeps the name that stands there."""
    typed = request.session.pop(SESSION_KEY, None)
    if person.unproved_since is None:
        return
    if typed and typed["address"] == (person.email or "").lower() and _is_unproved(person):
        for name in SAID:
            setattr(person, name, typed["said"][name])
    person.unproved_since = None
    person.save(update_fields=[*SAID, "unproved_since"])


def _is_unproved(person: Person) -> bool:
    return Person.objects.unproved().filter(pk=person.pk).exists()


def forget_unproved(at: datetime | None = None) -> None:
    """For the reconciler. Whoever has an open invitation is still waited for."""
    at = at or timezone.now()
    open_ones = Invitation.objects.open(at).alias(low=Lower("email")).filter(low=Lower(OuterRef("email")))
    due = Person.objects.unproved().filter(~Exists(open_ones), unproved_since__lte=at - KEPT_FOR)
    numbers = list(due.values_list("pk", flat=True))
    for begin in range(0, len(numbers), A_BATCH):
        _forget(numbers[begin : begin + A_BATCH], at)


@transaction.atomic
def _forget(numbers: list[int], at: datetime) -> None:
    """Looked at once more, under lock. The trail holds rows that it speaks of: these stay, without anybody in them."""
    with acting_as_system(Purpose.SWEEPING):
        standing = Person.objects.unproved().filter(pk__in=numbers, unproved_since__lte=at - KEPT_FOR)
        people = Person.objects.select_for_update().filter(pk__in=standing.values("pk"))
        held = {person.pk: (person.email or "").lower() for person in people}
        _forget_mail(set(held.values()))
        for person in Person.objects.filter(pk__in=held, looks_received__isnull=False).distinct():
            forget_log_ins_and_devices(person, at)
            person.forget(at)
        Person.objects.filter(pk__in=held, looks_received=None).delete()


def _forget_mail(addresses: set[str]) -> None:
    """Codes that went there, and that they came back. What concerns an invitation is the leads' who sent it."""
    Message.objects.filter(kind="account", address__in=addresses).delete()
    invited = Invitation.objects.annotate(low=Lower("email")).filter(low__in=addresses).values_list("low", flat=True)
    bounces.forget(addresses - set(invited))
