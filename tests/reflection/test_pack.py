"""Sheets of paper: in the words of the screens, for whom they are, and with nothing of anybody else."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from pypdf import PdfReader

from buddying import paper
from buddying.models import Cohort, Participant, Person, Programme
from buddying.session_guide import Guide, Phase, to_keep, usual
from equipping import rewording
from matching.models import Pairing
from reflection import agreeing, pack

As = Callable[[Person | None], Client]
A4, LETTER = (595, 842), (612, 792)


def read(answer: Any) -> PdfReader:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(answer.content))


def words_of(file: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in file.pages).split())


@pytest.fixture
def own_words(programme: Programme, dora: Person) -> Programme:
    guide = Guide(
        "Bring a stone.",
        (Phase("Landing", "Arrive.", ("Where are you?",), share=1), *usual().phases[1:]),
        ("And if not?",),
    )
    programme.guide = to_keep(guide)
    programme.questions = {"works": {"words": "What carries you?", "help": "One picture."}}
    programme.support_contacts = "Ines Roth, adviser"
    programme.save()
    rewording.reword(programme, "listening", "Hearing", "Be *quiet* first.\n\n## Then wait\n\nLong.", by=dora)
    return programme


def test_the_whole_pack_speaks_the_cohorts_own_words(
    as_: As, own_words: Programme, pairing: Pairing, cohort: Cohort, ada: Person
) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(session_minutes=90, reflection_point=4, target_sessions=13)
    file = read(as_(ada).get(f"/cohorts/{cohort.pk}/pack/all.pdf"))
    said = words_of(file)
    own = ["Bring a stone.", "Landing", "Turn 1, 45 minutes", "After 4 sessions", "And if not?", "Ines Roth"]
    own += ["What carries you?", "One picture.", "Hearing", "Then wait", "every week for 90 minutes"]
    assert [words for words in own if words not in said] == []
    assert "Orientation" not in said


def test_a_file_is_tagged_titled_and_in_the_typeface(as_: As, pairing: Pairing, ada: Person) -> None:
    file = read(as_(ada).get(f"/cohorts/{pairing.cohort_id}/pack/reflection.pdf"))
    root = file.trailer["/Root"]
    assert file.metadata is not None
    assert file.metadata.title == "Reflection sheet, Buddies: Spring"
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        True, "en-gb", True)  # fmt: skip
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    fonts = {font.get_object()["/BaseFont"] for page in file.pages for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert all("Atkinson" in font for font in fonts)


@pytest.mark.parametrize(("asked", "size"), [("", A4), ("?size=letter", LETTER), ("?size=huge", A4)])
@pytest.mark.parametrize(("sheet", "pages"), [("agreement", 1), ("session", 2), ("cards", 2), ("reflection", 1)])
def test_sheets_keep_to_their_pages(
    asked: str, size: tuple[int, int], sheet: str, pages: int, as_: As, pairing: Pairing, ada: Person
) -> None:
    file = read(as_(ada).get(f"/cohorts/{pairing.cohort_id}/pack/{sheet}.pdf{asked}"))
    sizes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in file.pages]
    assert sizes == [size] * pages


def test_cards_fill_their_pages_and_the_rest_are_to_be_written() -> None:
    pages = pack.card_pages(usual())
    assert [len(page) for page in pages] == [8, 8]
    asked = [card.question for page in pages for card in page if card.question]
    assert asked == [*(question for phase in usual().phases for question in phase.questions), *usual().cards]


def test_phases_on_a_sheet_follow_each_other_through_the_turn() -> None:
    spans = [(part.begins, part.ends) for part in pack.parts_of(usual(), 30)]
    assert spans == [(0, 5), (5, 20), (20, 30)]


def test_a_programmes_own_pack_leaves_open_what_a_cohort_would_say(own_words: Programme) -> None:
    sections = pack.words_for(own_words, None, own_words.created_by)["agreement"]
    assert [section.heading for section in sections if not section.words] == ["Rhythm"]
    assert "Ines Roth, adviser" in " ".join(section.words for section in sections)


def test_whose_it_is(
    as_: As, participants: dict[str, Participant], pairing: Pairing, ada: Person, cleo: Person, dora: Person,
    eve: Person, olga: Person,
) -> None:  # fmt: skip
    cohort, programme = (
        f"/cohorts/{pairing.cohort_id}/pack/cards",
        f"/programmes/{pairing.cohort.programme_id}/pack/cards",
    )
    seen = {
        person.name: [as_(person).get(f"{url}/").status_code for url in (cohort, programme)]
        for person in (ada, cleo, dora, eve, olga)
    }
    assert seen == {"Ada": [200, 404], "Cleo": [200, 404], "Dora": [200, 200], "Eve": [404, 404], "Olga": [200, 200]}
    assert as_(ada).get(f"/cohorts/{pairing.cohort_id}/pack/secrets/").status_code == 404


def test_a_pairs_own_agreement_is_its_members_to_print(
    as_: As, pairing: Pairing, ada: Person, ben: Person, cleo: Person, dora: Person, olga: Person
) -> None:
    agreeing.draft_for(pairing, timezone.now())
    agreeing.rewrite(pairing, "Rhythm\nAs the pangolin does.", by=ada)
    newest = agreeing.latest(pairing)
    assert newest is not None
    agreeing.sign(pairing, newest, by=ada, read_at=newest.written_at)
    said = words_of(read(as_(ben).get(f"/pairings/{pairing.pk}/agreement.pdf")))
    assert "As the pangolin does." in said
    assert f"Ada signed on {date_format(timezone.localdate())}" in said
    assert (
        f"/pairings/{pairing.pk}/agreement.pdf" in as_(ada).get(f"/cohorts/{pairing.cohort_id}/pack/").content.decode()
    )
    for other in (cleo, dora, olga):
        client = as_(other)
        statuses = [
            client.get(f"/pairings/{pairing.pk}/{page}").status_code for page in ("agreement.pdf", "agreement/sheet/")
        ]
        assert statuses == [404, 404]


def test_there_is_nobody_in_what_a_lead_hands_out(
    as_: As, participants: dict[str, Participant], pairing: Pairing, dora: Person
) -> None:
    agreeing.draft_for(pairing, timezone.now())
    agreeing.rewrite(pairing, "Rhythm\nAs the pangolin does.", by=pairing.people()[0])
    for page in ("", "all/"):
        shown = as_(dora).get(f"/cohorts/{pairing.cohort_id}/pack/{page}").content.decode()
        found = [word for word in ("Cleo", "pangolin", "/pairings/") if word in shown]
        assert found == []


def test_without_pango_every_sheet_can_be_printed_by_the_browser(
    as_: As, pairing: Pairing, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "is_possible", lambda: False)
    url = f"/cohorts/{pairing.cohort_id}/pack/"
    page = as_(ada).get(url).content.decode()
    assert (".pdf" in page, f"{url}session/" in page) == (False, True)
    answer = as_(ada).get(f"{url}session.pdf", follow=True)
    assert answer.redirect_chain == [(url, 302)]
    assert "print it from your browser" in answer.content.decode()
    assert "data-print" in as_(ada).get(f"{url}session/").content.decode()


def test_what_a_lead_typed_stays_words(as_: As, own_words: Programme, pairing: Pairing, ada: Person) -> None:
    evil = '<img src="file:///etc/passwd"><link rel=attachment href="file:///etc/passwd">'
    Programme.objects.filter(pk=own_words.pk).update(purpose=evil, support_contacts=evil)
    file = read(as_(ada).get(f"/cohorts/{pairing.cohort_id}/pack/guide.pdf"))
    assert "etc/passwd" in words_of(file)
    assert "/EmbeddedFiles" not in (file.trailer["/Root"].get("/Names") or {})
