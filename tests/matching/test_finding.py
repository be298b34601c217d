"""Finding somebody in a draft by a part of their name."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from buddying.models import Participant
from matching import editing, finding
from matching.models import MatchRun
from matching.publishing import publish
from tests.matching.test_pages import names_on, queries, text


def found(run: MatchRun, viewer: Any, words: str) -> list[tuple[str, str]]:
    return [(one.name, one.company) for one in finding.found(run, viewer, words)]


def test_every_word_is_in_the_name(draft: MatchRun, dora: Any, four: Any) -> None:
    person = four["Ada"].person
    person.name = "Ada Maria Okafor"
    person.save()
    assert found(draft, dora, "oka ada") == [("Ada Maria Okafor", "with Ben")]
    assert found(draft, dora, "ada ben") == []
    assert found(draft, dora, "B") == [("Ben", "with Ada Maria Okafor")]
    assert [name for name, _ in found(draft, dora, "")] == ["Ada Maria Okafor", "Ben", "Cleo", "Fay"]


def test_whoever_has_no_buddy_is_found(draft: MatchRun, dora: Any, four: Any) -> None:
    pair = (four["Ada"].pk, four["Ben"].pk)
    editing.make(draft, dora, pair, f"separate-{pair[0]}", 0)
    draft.refresh_from_db()
    assert found(draft, dora, "a") == [("Ada", "without a buddy"), ("Fay", "with Cleo")]


def test_a_lead_who_takes_part_does_not_find_their_own_pairing(
    four: Any, cohort: Any, dora: Any, take_part: Any, make_draft: Any, as_: Any
) -> None:
    take_part(dora, cohort)
    run = make_draft(cohort)
    own = set(map(str, run.proposals.get(participants__person=dora).participants.all()))
    names = {name for name, _ in found(run, dora, "")}
    assert names == {"Ada", "Ben", "Cleo", "Fay", "Dora"} - own
    for name in own:
        shown = text(as_(dora).get(f"/runs/{run.pk}/?find={name}")).partition("Proposed pairings")[2]
        assert "Nobody who is paired here has this name." in shown
        assert found(run, dora, name) == []


def test_the_address_gives_options_while_the_draft_can_be_changed(
    draft: MatchRun, dora: Any, four: Any, as_: Any
) -> None:
    address = f"/runs/{draft.pk}/editing/people/?find=fa"
    option = f'<option value="{four["Fay"].pk}" data-name="Fay">Fay (with Cleo)</option>'
    assert as_(dora).get(address).content.decode().strip() == option
    publish(draft, dora)
    assert as_(dora).get(address).content.decode().strip() == ""


def test_a_draft_is_searched_by_name(draft: MatchRun, dora: Any, as_: Any) -> None:
    page = as_(dora).get(f"/runs/{draft.pk}/?find=cle")
    assert names_on(text(page).partition("Proposed pairings")[2]) == {"Cleo", "Fay"}
    part = as_(dora).get(f"/runs/{draft.pk}/?find=nobody", headers={"HX-Request": "true", "HX-Target": "proposed"})
    body = part.content.decode()
    assert "<html" not in body
    assert "Nobody who is paired here has this name." in body
    assert 'data-announce="0 pairings: nobody"' in body


def test_a_search_asks_as_much_for_many_as_for_few(
    cohort: Any, dora: Any, make_person: Any, take_part: Any, make_draft: Any, as_: Any
) -> None:
    asked = []
    for pairs in (1, 3):
        Participant.objects.filter(cohort=cohort).update(left_at=timezone.now())
        for number in range(2 * pairs):
            take_part(make_person(f"P{pairs}{number}"), cohort)
        run = make_draft(cohort)
        asked.append(queries(as_(dora), f"/runs/{run.pk}/editing/people/?find=p"))
        assert len(found(run, dora, "p")) == 2 * pairs
    assert asked[0] == asked[1]
