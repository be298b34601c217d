from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from buddying.models import Person
from matching.models import Pairing
from outbox.models import Message
from reflection import agreeing
from reflection.models import Agreement, Signature
from reflection.sections import sections
from trust.models import DataKey


@pytest.fixture
def agreement(pairing: Pairing) -> Agreement:
    agreeing.draft_for(pairing, timezone.now())
    return pairing.agreements.get()


def sign(agreement: Agreement, *people: Person) -> None:
    for person in people:
        agreeing.sign(agreement.pairing, agreement, by=person, read_at=agreement.written_at)


def test_the_first_draft_is_in_the_programmes_words_and_made_once(pairing: Pairing, agreement: Agreement) -> None:
    agreeing.draft_for(pairing, timezone.now())
    assert pairing.agreements.get() == agreement
    assert agreement.text.startswith("What this is for\nWe, Ada and Ben, support")


def test_many_are_drafted_at_once_each_with_its_own_names_and_key(
    pairing: Pairing, agreement: Agreement, make_person: Any, take_part: Any, make_pairing: Any
) -> None:
    def made(number: int) -> Pairing:
        return make_pairing(*(take_part(make_person(f"{name}{number}"), pairing.cohort) for name in ("Ann", "Bo")))

    asked = []
    for numbers in (range(1), range(1, 4)):
        new = [made(number) for number in numbers]
        with CaptureQueriesContext(connection) as queries:
            agreeing.draft_for_all([pairing, *new], timezone.now())
        asked.append(len(queries))
        for number, one in zip(numbers, new, strict=True):
            assert one.agreements.get().text == agreement.text.replace("Ada and Ben", f"Ann{number} and Bo{number}")
    assert asked[0] == asked[1]
    assert pairing.agreements.get() == agreement
    owners = DataKey.objects.filter(owner_kind="pairing").values_list("owner_id", flat=True)
    assert sorted(owners) == sorted(Pairing.objects.values_list("pk", flat=True))


def test_it_is_in_force_once_everybody_has_signed(
    pairing: Pairing, agreement: Agreement, ada: Person, ben: Person
) -> None:
    sign(agreement, ada)
    assert agreeing.reason_not_to_book(pairing) == agreeing.UNSIGNED
    assert not agreeing.signed_pairings().exists()
    sign(agreement, ben, ben)
    assert agreeing.reason_not_to_book(pairing) is None
    assert list(agreeing.signed_pairings()) == [pairing]
    assert Signature.objects.count() == 2


def test_the_other_is_told_once_that_it_waits_for_them(agreement: Agreement, ada: Person, ben: Person) -> None:
    sign(agreement, ada, ada)
    assert [message.recipient for message in Message.objects.filter(kind="agreement_waiting")] == [ben]


def test_new_words_replace_a_version_that_nobody_signed(pairing: Pairing, agreement: Agreement, ada: Person) -> None:
    agreeing.rewrite(pairing, "Our own words", by=ada)
    assert [(a.version, a.text) for a in pairing.agreements.all()] == [(1, "Our own words")]


def test_new_words_after_a_signature_are_a_new_version_that_all_sign_again(
    pairing: Pairing, agreement: Agreement, ada: Person, ben: Person
) -> None:
    sign(agreement, ada, ben)
    agreeing.rewrite(pairing, "Our own words", by=ben)
    assert [a.version for a in pairing.agreements.all()] == [2, 1]
    assert agreeing.in_force(pairing) == agreement
    sign(pairing.agreements.get(version=2), ada, ben)
    assert agreeing.in_force(pairing).version == 2  # type: ignore[union-attr]


def test_nobody_signs_words_they_have_not_read(
    pairing: Pairing, agreement: Agreement, ada: Person, ben: Person
) -> None:
    read_at = agreement.written_at
    agreeing.rewrite(pairing, "Other words", by=ben)
    with pytest.raises(agreeing.Outdated):
        agreeing.sign(agreement.pairing, agreement, by=ada, read_at=read_at)
    assert not Signature.objects.exists()


def test_through_the_pages(
    as_: Callable[[Person], Client], pairing: Pairing, agreement: Agreement, ada: Person, ben: Person
) -> None:
    url = f"/pairings/{pairing.pk}/agreement/"
    for person in (ada, ben):
        page = as_(person).get(url)
        assert page.status_code == 200
        shown = {"version": agreement.version, "read_at": agreement.written_at.isoformat()}
        assert as_(person).post(f"{url}signature/", shown).status_code == 302
    assert agreeing.in_force(pairing) == agreement


def test_a_refused_change_keeps_what_was_typed(
    as_: Callable[[Person], Client], pairing: Pairing, agreement: Agreement, ada: Person
) -> None:
    typed = "x" * 8001
    page = as_(ada).post(f"/pairings/{pairing.pk}/agreement/", {"text": typed})
    assert page.status_code == 422
    assert typed in page.content.decode()


@pytest.mark.parametrize("name", ["Cleo", "Dora", "Eve", "Max", "Olga"])
def test_nobody_else_reads_or_signs_it(
    as_: Callable[[Person], Client],
    agreement: Agreement,
    dora: Person,
    eve: Person,
    max_: Person,
    olga: Person,
    name: str,
) -> None:
    client = as_(Person.objects.get(name=name))
    url = f"/pairings/{agreement.pairing_id}/agreement/"
    assert client.get(url).status_code == 404
    assert client.post(url, {"text": "mine now"}).status_code == 404
    assert client.post(f"{url}signature/", {"version": 1}).status_code == 404
    assert not Signature.objects.exists()


def fields(page: str) -> dict[str, str]:
    """What the form of sections would send."""
    import html
    import re

    found = dict(re.findall(r'<input type="hidden" name="(heading-\d+|began_from)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea name="(words-\d+)"[^>]*>\n?([^<]*)</textarea>', page))
    return {name: html.unescape(value) for name, value in found.items()}


def test_changed_section_by_section(
    as_: Callable[[Person], Client], pairing: Pairing, agreement: Agreement, ada: Person
) -> None:
    url = f"/pairings/{pairing.pk}/agreement/"
    form = fields(as_(ada).get(f"{url}?change").content.decode())
    assert form["heading-2"] == "Place"
    assert as_(ada).post(url, form).status_code == 302
    assert [heading for heading, _ in sections(pairing.agreements.get().text)] == [
        "What this is for",
        "Rhythm",
        "Place",
        "How we start and end",
        "Confidentiality",
        "What is out of bounds",
        "When it is more than coaching",
        "How either of us may end it",
    ]
    form = fields(as_(ada).get(f"{url}?change").content.decode())
    as_(ada).post(url, form | {"words-2": "The room by the lift.", "words-1": ""})
    kept = dict(sections(pairing.agreements.get().text))
    assert kept["Place"] == "The room by the lift."
    assert "Rhythm" not in kept


def test_a_section_taken_out_is_offered_again_with_the_programmes_words(
    as_: Callable[[Person], Client], pairing: Pairing, agreement: Agreement, ada: Person
) -> None:
    agreeing.rewrite(pairing, "Place\nA room.", by=ada)
    page = as_(ada).get(f"/pairings/{pairing.pk}/agreement/?change").content.decode()
    form = fields(page)
    assert (form["heading-0"], form["words-0"]) == ("Place", "A room.")
    assert (form["heading-2"], form["words-2"]) == ("Rhythm", "")
    assert "We meet about every two weeks" in page


def test_whoever_saves_second_sees_what_the_other_wrote_first(
    as_: Callable[[Person], Client], pairing: Pairing, agreement: Agreement, ada: Person, ben: Person
) -> None:
    url = f"/pairings/{pairing.pk}/agreement/"
    mine = fields(as_(ada).get(f"{url}?change").content.decode()) | {"words-2": "My place."}
    agreeing.rewrite(pairing, "Place\nThe other place.", by=ben)
    refused = as_(ada).post(url, mine)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert ("The other place." in page, "My place." in page) == (True, True)
    assert pairing.agreements.get().text == "Place\nThe other place."
    assert as_(ada).post(url, fields(page)).status_code == 302
    assert "My place." in pairing.agreements.get().text


@pytest.mark.parametrize(
    "wrong", [{"words-0": " "}, {"words-0": "x" * 8001}, {"heading-0": "One. Two.", "words-0": "x"}]
)
def test_refused_sections_keep_what_was_typed(
    as_: Callable[[Person], Client], pairing: Pairing, agreement: Agreement, ada: Person, wrong: dict[str, str]
) -> None:
    page = as_(ada).post(f"/pairings/{pairing.pk}/agreement/", {"heading-0": "Place"} | wrong)
    assert page.status_code == 422
    assert wrong["words-0"].strip() in page.content.decode()
    assert pairing.agreements.get().text == agreement.text


def test_what_changed_since_all_signed_is_shown_in_words_and_marks(
    as_: Callable[[Person], Client], pairing: Pairing, agreement: Agreement, ada: Person, ben: Person
) -> None:
    agreeing.rewrite(pairing, "Rhythm\nEvery two weeks.\n\nPlace\nA room.", by=ada)
    sign(pairing.agreements.get(), ada, ben)
    agreeing.rewrite(pairing, "Rhythm\nEvery three weeks.\n\nPlace\nA room.", by=ben)
    page = as_(ada).get(f"/pairings/{pairing.pk}/agreement/").content.decode()
    assert "different from version 1, which holds" in page
    assert '<del><span class="visually-hidden">taken out: </span>two<' in page
    assert '<ins><span class="visually-hidden">new: </span>three<' in page
    old = as_(ada).get(f"/pairings/{pairing.pk}/agreement/versions/1/").content.decode()
    assert "Every two weeks." in old
    assert as_(ada).get(f"/pairings/{pairing.pk}/agreement/versions/3/").status_code == 404


def test_a_version_that_not_all_signed_is_no_base_for_what_changed(
    pairing: Pairing, agreement: Agreement, ada: Person, ben: Person
) -> None:
    sign(agreement, ada, ben)
    second = agreeing.rewrite(pairing, "Second", by=ada)
    sign(second, ada)
    third = agreeing.rewrite(pairing, "Third", by=ben)
    assert agreeing.held_before(third, ada) == agreement
    assert agreeing.held_before(agreement, ada) is None
