"""Asking one lead for help, in confidence. No other lead and no administrator learns that it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from buddying.models import Participant, Person, Programme, ProgrammeLead
from matching.models import Pairing
from outbox.posting import post
from reflection.models import HelpMessage, HelpThread


class NotOffered(Exception):
    """This lead cannot be written to: not of one's programmes, or one's own buddy."""


class Closed(Exception):
    """The conversation was closed; a new one can be begun."""


@dataclass(frozen=True)
class Offer:
    person: Person
    programmes: list[Programme]
    is_manager: bool


def offered_to(person: Person) -> list[Offer]:
    """Leads of the programmes that ``person`` takes or took part in, by name; nobody who is their buddy now."""
    mine = Participant.objects.filter(person=person, joined_at__isnull=False).values("cohort__programme")
    leads = ProgrammeLead.objects.filter(programme__in=mine, person__deactivated_at=None).exclude(person=person)
    buddies = Person.objects.filter(
        participations__seats__left_at=None,
        participations__seats__pairing__in=Pairing.objects.visible_to(person).live(),
    )
    by_lead: dict[Person, list[Programme]] = {}
    for lead in leads.exclude(person__in=buddies).select_related("person", "programme").order_by("person__name"):
        by_lead.setdefault(lead.person, []).append(lead.programme)
    return [Offer(lead, programmes, lead.pk == person.manager_id) for lead, programmes in by_lead.items()]


@transaction.atomic
def ask(lead: Person, text: str, by: Person, at: datetime | None = None) -> HelpThread:
    """Begins a conversation, or goes on in the one that is open. Raises NotOffered."""
    offer = next((offer for offer in offered_to(by) if offer.person == lead), None)
    if offer is None:
        raise NotOffered
    at = at or timezone.now()
    thread, _ = HelpThread.objects.get_or_create(
        writer=by, lead=lead, closed_at=None, defaults={"programme": offer.programmes[0], "opened_at": at}
    )
    write(thread, text, by, at)
    return thread


@transaction.atomic
def write(thread: HelpThread, text: str, by: Person, at: datetime | None = None) -> None:
    """The same words sent twice in a row are written once. Raises Closed."""
    at = at or timezone.now()
    thread = HelpThread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
    if thread.closed_at:
        raise Closed
    last = thread.messages.order_by("-written_at", "-pk").first()
    if last is not None and last.author_id == by.pk and last.text == text:
        return
    HelpMessage.objects.create(thread=thread, author=by, text=text, written_at=at)
    _tell(thread, thread.lead if by.pk == thread.writer_id else thread.writer)


def _tell(thread: HelpThread, person: Person) -> None:
    """One mail for all that is unread: the key names the first of it."""
    first = unread(thread, person)[0]
    post("help_message", key=f"help_message:{first.pk}:{person.pk}", to=person, about_id=first.pk)


def unread(thread: HelpThread, person: Person) -> list[HelpMessage]:
    read_at = thread.writer_read_at if person.pk == thread.writer_id else thread.lead_read_at
    news = thread.messages.exclude(author=person)
    return list(news.filter(written_at__gt=read_at) if read_at else news)


def mark_read(thread: HelpThread, by: Person, until: datetime) -> None:
    """``until`` is when the last message was written that ``by`` was shown."""
    side = "writer_read_at" if by.pk == thread.writer_id else "lead_read_at"
    HelpThread.objects.filter(pk=thread.pk).update(**{side: until})


def close(thread: HelpThread, by: Person, at: datetime | None = None) -> None:
    """Idempotent. It can still be read by the two."""
    HelpThread.objects.open().filter(pk=thread.pk).update(closed_at=at or timezone.now(), closed_by=by)


def still_leads(thread: HelpThread) -> bool:
    return ProgrammeLead.objects.filter(programme=thread.programme_id, person=thread.lead_id).exists()
