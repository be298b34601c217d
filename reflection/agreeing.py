"""The agreement of a pairing: drafted when it opens, signed by every member before the first booking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from buddying.models import Organisation, Person
from matching.models import Pairing, PairingMember
from outbox.hours import language_of
from outbox.posting import post
from reflection.first_words import first_words, shared_language
from reflection.models import Agreement, Signature
from reflection.sections import Section, sections
from trust.acting import Purpose, acting_as, acting_as_system
from trust.models import keys_at_hand

if TYPE_CHECKING:
    from django.db.models import QuerySet

AT_ONCE = 1000
UNSIGNED = _("You can book your first session once all of you have signed the agreement.")


class Outdated(Exception):
    """The text changed since the reader opened it; they sign what they have read."""


class Changed(Exception):
    """Somebody else changed the words since the writer began."""


class Over(Exception):
    """The pairing has ended, or the person is not in it any more."""


def draft_for(pairing: Pairing, at: datetime) -> None:
    """The first version, in the programme's words. Idempotent."""
    draft_for_all([pairing], at)


def draft_for_all(pairings: Sequence[Pairing], at: datetime) -> None:
    """The first versions of many pairings, in a fixed number of queries for a thousand. Idempotent."""
    with acting_as_system(Purpose.DRAFTING):
        for begin in range(0, len(pairings), AT_ONCE):
            _draft(pairings[begin : begin + AT_ONCE], at)


def _draft(pairings: Sequence[Pairing], at: datetime) -> None:
    """Whoever drafts cannot see whether there is a first version already; then it stays as it is."""
    people, organisation = _people_in(pairings), Organisation.current()
    with keys_at_hand("pairing", (pairing.pk for pairing in pairings)):
        Agreement.objects.bulk_create(
            [
                Agreement(
                    pairing=pairing,
                    version=1,
                    text=_drafted(pairing, people[pairing.pk], organisation),
                    written_at=at,
                )
                for pairing in pairings
            ],
            ignore_conflicts=True,
        )


def _people_in(pairings: Sequence[Pairing]) -> dict[int, list[Person]]:
    """With their names and languages alone."""
    people: dict[int, list[Person]] = {pairing.pk: [] for pairing in pairings}
    seats = PairingMember.objects.filter(pairing__in=pairings, left_at=None)
    for pairing, name, language in seats.values_list(
        "pairing", "participant__person__name", "participant__person__language"
    ):
        people[pairing].append(Person(name=name, language=language))
    return people


def _drafted(pairing: Pairing, people: Sequence[Person], organisation: Organisation) -> str:
    language = shared_language(language_of(person) for person in people)
    return first_words(pairing, [person.name for person in people], organisation, language)


def renew_for(newcomer: PairingMember, at: datetime) -> None:
    """Somebody joins the pairing: a new version for everybody to sign. Idempotent.

    It starts again from the programme's words: what two wrote for themselves is not handed to a third.
    """
    pairing = newcomer.pairing
    with acting_as(_longest_in(pairing)):
        newest = latest(pairing)
        Agreement.objects.get_or_create(
            pairing=pairing,
            version=newest.version + 1 if newest else 1,
            defaults={"text": _first_words(pairing), "written_at": at},
        )


def _longest_in(pairing: Pairing) -> Person:
    """Who has seen every version."""
    return pairing.members.filter(left_at=None).earliest("joined_at", "pk").participant.person


def suggested(pairing: Pairing, beside: str = "") -> list[Section]:
    """What the programme's own words would be today, in the language of the text ``beside`` them."""
    people, organisation = pairing.people(), Organisation.current()
    names, ours = [person.name for person in people], shared_language(language_of(person) for person in people)
    languages = sorted((code for code, _ in settings.LANGUAGES), key=lambda code: code != ours)
    drafts = [sections(first_words(pairing, names, organisation, language)) for language in languages]
    headings = {section.heading for section in sections(beside)}
    return max(drafts, key=lambda draft: len(headings & {section.heading for section in draft}))


def versions(pairing: Pairing, viewer: Person) -> list[Agreement]:
    """Those that ``viewer`` may read, the newest first; each with its signatures."""
    visible = Agreement.objects.visible_to(viewer).filter(pairing=pairing)
    return list(visible.prefetch_related("signatures__person"))


def held_before(agreement: Agreement, viewer: Person) -> Agreement | None:
    """What everybody in the pairing had signed before this version, where ``viewer`` may read it."""
    earlier = [one for one in versions(agreement.pairing, viewer) if one.version < agreement.version]
    members = {person.pk for person in agreement.pairing.people()}
    return next((one for one in earlier if members <= _signers(one)), None)


def _signers(agreement: Agreement) -> set[int]:
    return {signature.person_id for signature in agreement.signatures.all()}


def _first_words(pairing: Pairing) -> str:
    return _drafted(pairing, pairing.people(), Organisation.current())


def latest(pairing: Pairing) -> Agreement | None:
    return pairing.agreements.prefetch_related("signatures__person").first()


def in_force(pairing: Pairing) -> Agreement | None:
    """The newest version that every present member has signed."""
    members = {person.pk for person in pairing.people()}
    for agreement in pairing.agreements.prefetch_related("signatures"):
        if members <= _signers(agreement):
            return agreement
    return None


def signed_pairings() -> QuerySet[Pairing]:
    """Pairings with a version in force, for those who may know only that."""
    unsigned_member = PairingMember.objects.filter(pairing=OuterRef("pairing"), left_at__isnull=True).exclude(
        participant__person__in=Signature.objects.filter(agreement=OuterRef(OuterRef("agreement"))).values("person")
    )
    in_force = Signature.objects.filter(~Exists(unsigned_member))
    return Pairing.objects.filter(pk__in=in_force.values("pairing"))


def reason_not_to_book(pairing: Pairing) -> str | None:
    return None if in_force(pairing) else str(UNSIGNED)


@transaction.atomic
def rewrite(
    pairing: Pairing, text: str, by: Person, at: datetime | None = None, began_from: datetime | None = None
) -> Agreement:
    """New words: they replace a version that nobody has signed, and make a new one otherwise.

    ``began_from`` is when the words were written that the writer began from. Raises Changed or Over.
    """
    at = at or timezone.now()
    _hold(pairing, by)
    newest = latest(pairing)
    if newest is not None and began_from is not None and newest.written_at != began_from and newest.text != text:
        raise Changed
    if newest is not None and newest.text == text:
        return newest
    if newest is not None and not newest.signatures.exists():
        newest.text, newest.written_by, newest.written_at = text, by, at
        newest.save()
        return newest
    version = newest.version + 1 if newest else 1
    return Agreement.objects.create(pairing=pairing, version=version, text=text, written_by=by, written_at=at)


@transaction.atomic
def sign(
    pairing: Pairing, read: Agreement | None, by: Person, read_at: datetime | None, at: datetime | None = None
) -> None:
    """``read_at`` is when the words that the person read were written. Idempotent; raises Outdated or Over."""
    _hold(pairing, by)
    newest = latest(pairing)
    if newest is None or newest != read or newest.written_at != read_at:
        raise Outdated
    Signature.objects.get_or_create(agreement=newest, person=by, defaults={"signed_at": at or timezone.now()})
    _tell_those_who_have_not(newest)


def _hold(pairing: Pairing, by: Person) -> None:
    """Until the transaction ends nobody else writes on the agreement."""
    pairing = Pairing.objects.select_for_update().get(pk=pairing.pk)
    if pairing.closed_at or by not in pairing.people():
        raise Over


def _tell_those_who_have_not(agreement: Agreement) -> None:
    signed = set(agreement.signatures.values_list("person_id", flat=True))
    for person in agreement.pairing.people():
        if person.pk not in signed:
            post(
                "agreement_waiting",
                key=f"agreement_waiting:{agreement.pk}:{person.pk}",
                to=person,
                about_id=agreement.pk,
                cohort_id=agreement.pairing.cohort_id,
            )
