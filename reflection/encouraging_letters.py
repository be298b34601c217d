"""The kind words of ``encouraging``, as letters; the world is asked again when they leave."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from buddying.models import Person
from matching.letters import address_of
from matching.models import Pairing
from outbox.kinds import Letter, letter
from outbox.models import Message
from reflection import encouraging

PAGE = {
    encouraging.SIGN: ("reflection:agreement", _("Read and sign")),
    encouraging.BOOK: ("insights:pairing", _("Find a time")),
}


def encourage(message: Message) -> Letter | None:
    """None once they have signed or booked, pause, or their time in the cohort is over."""
    lead, person = Person.objects.filter(pk=message.params["lead"]).first(), message.recipient
    pairing = Pairing.objects.live().filter(pk=message.about_id).select_related("cohort__programme").first()
    if lead is None or person is None or pairing is None or person not in pairing.people():
        return None
    at = message.dated_at or message.created_at
    still = encouraging.in_need(pairing.cohort, lead, at).filter(pk=pairing.pk)
    need = next(iter(encouraging.needs(still, at)), None)
    if need is None or need.kind != message.kind:
        return None
    return words(message.kind, person, pairing.buddies_of(person), lead, pairing)


def words(kind: str, person: Any, buddies: list[Any], lead: Any, pairing: Pairing) -> Letter:
    """As it is sent, or as it is shown to the lead before."""
    page, action = PAGE[kind]
    url = address_of(page, pairing.pk)
    return letter(kind, context(person, buddies, lead, pairing.cohort) | {"action_url": url, "action_label": action})


def context(person: Any, buddies: list[Any], lead: Any, cohort: Any) -> dict[str, Any]:
    return {"person": person, "buddies": buddies, "lead": lead, "programme": cohort.programme}
