"""Changing a draft by hand: what it costs is said before, a rule is never broken, and everything can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buddying.models import Participant, Person, Refusal
from matching import editing, engine, saying
from matching.distance import by_hand
from matching.editing import CannotEdit, Desk
from matching.execution import execute
from matching.models import DraftEdit, MatchRun, Pairing, Proposal
from matching.publishing import CannotPublish, publish
from matching.running import CannotStart, request_run
from tests.matching.test_pages import names_on, queries, text
from trust.models import AccessRecord


def pairs_of(run: MatchRun) -> set[frozenset[str]]:
    proposals = Proposal.objects.filter(run=run).prefetch_related("participants__person")
    return {frozenset(str(one) for one in proposal.participants.all()) for proposal in proposals}


def the_pairs(*groups: str) -> set[frozenset[str]]:
    return {frozenset(group.split()) for group in groups}


@pytest.fixture
def do(four: dict[str, Participant], dora: Any) -> Any:
    def do(run: MatchRun, move: str, first: str, second: str, by: Any = None) -> DraftEdit:
        """``move``: a kind, about the first of the two."""
        a, b = (Participant.objects.get(cohort=run.cohort_id, person__name=name).pk for name in (first, second))
        return editing.make(run, by or dora, (a, b), f"{move}-{a}", editing.latest(run))

    return do


def undo(run: MatchRun, by: Any) -> None:
    editing.undo(run, by, editing.latest(run))


@pytest.mark.parametrize(
    ("move", "first", "second", "then"),
    [
        ("pair", "Ada", "Cleo", ["Ada Cleo"]),
        ("cross", "Ada", "Cleo", ["Ada Cleo", "Ben Fay"]),
        ("swap", "Ada", "Cleo", ["Cleo Ben", "Ada Fay"]),
        ("join", "Ada", "Cleo", ["Ada Cleo Fay"]),
        ("separate", "Ada", "Ben", ["Cleo Fay"]),
        ("forbid", "Ada", "Ben", ["Cleo Fay"]),
        ("forbid", "Ada", "Cleo", ["Ada Ben", "Cleo Fay"]),
        ("keep", "Ada", "Ben", ["Ada Ben", "Cleo Fay"]),
    ],
)
def test_each_move_and_its_undoing(
    draft: MatchRun, dora: Any, do: Any, move: str, first: str, second: str, then: list[str]
) -> None:
    before = list(draft.proposals.order_by("number").values_list("tier", "weight", "reasons_for_members"))
    do(draft, move, first, second)
    assert pairs_of(draft) == the_pairs(*then)
    undo(draft, dora)
    assert pairs_of(draft) == the_pairs("Ada Ben", "Cleo Fay")
    after = draft.proposals.order_by("number").values_list("tier", "weight", "reasons_for_members")
    assert sorted(map(str, after)) == sorted(map(str, before))
    draft.refresh_from_db()
    assert (draft.figures["optimal"], draft.unplaced, draft.figures["paired"]) == (True, [], 4)
    assert list(draft.edits.values_list("kind", "by__name", "undone_by__name")) == [(move, "Dora", "Dora")]


def test_out_of_a_trio_again(draft: MatchRun, do: Any) -> None:
    do(draft, "join", "Ada", "Cleo")
    do(draft, "leave", "Cleo", "Ada")
    assert pairs_of(draft) == the_pairs("Ada Fay")
    draft.refresh_from_db()
    assert (draft.figures["paired"], draft.figures["trios"], len(draft.unplaced)) == (2, 0, 2)


def test_what_a_move_costs_is_said_before(draft: MatchRun, four: Any, dora: Any) -> None:
    desk = Desk(draft, dora)
    moves = {move.kind: desk.weigh(move) for move in desk.standing.moves(four["Ada"].pk, four["Cleo"].pk)}
    cost = {kind: {key: number for key, number in one.more.items() if number} for kind, one in moves.items()}
    assert cost.pop("join") == {"one-way": -2, "none": 1, "unplaced": 1}  # Cleo joins Ada and Ben
    assert cost == {
        "pair": {"mutual": -2, "one-way": -2, "none": 2, "unplaced": 2},
        "cross": {"mutual": -2, "one-way": -2, "none": 4},
        "swap": {"mutual": -2, "one-way": -2, "none": 4},
        "forbid": {},
    }


def test_people_whom_a_lead_put_together_are_told_so(draft: MatchRun, do: Any) -> None:
    do(draft, "cross", "Ada", "Cleo")
    by_pair = {
        frozenset(str(one) for one in proposal.participants.all()): proposal for proposal in draft.proposals.all()
    }
    kept, other = by_pair[frozenset({"Ada", "Cleo"})], by_pair[frozenset({"Ben", "Fay"})]
    assert "Your programme lead put you together." in saying.to_members(kept.reasons_for_members)
    assert "Your programme lead put you together." not in saying.to_members(other.reasons_for_members)
    assert (kept.pinned_at is None, other.pinned_at is None) == (False, True)


def test_a_rule_is_not_broken_by_hand(
    four: Any, cohort: Any, dora: Any, cleo: Any, ben: Any, make_draft: Any, do: Any
) -> None:
    cleo.manager = ben
    cleo.save()
    four["Fay"].person.level, four["Ben"].person.level = 1, 9
    four["Fay"].person.save()
    four["Ben"].person.save()
    run = make_draft(cohort, engine.Policy(rules=engine.HardRules(max_level_gap=3)))
    before = pairs_of(run)
    with pytest.raises(CannotEdit, match=r"^One of them is the manager of the other, or stands above them\.$"):
        do(run, "pair", "Ben", "Cleo")
    with pytest.raises(CannotEdit, match=r"^They are too many levels apart for the rules of this draft\.$"):
        do(run, "pair", "Ben", "Fay")
    assert pairs_of(run) == before
    assert not run.edits.exists()


@pytest.mark.parametrize("side", [("Ada", "Cleo"), ("Cleo", "Ada")])
def test_a_refusal_is_only_not_possible(
    four: Any, cohort: Any, make_draft: Any, do: Any, dora: Any, as_: Any, side: tuple[str, str]
) -> None:
    Refusal.objects.create(refuser=four[side[0]], refused=four[side[1]])
    run = make_draft(cohort)
    with pytest.raises(CannotEdit, match=r"^Not possible\.$"):
        do(run, "pair", "Ada", "Cleo")
    page = text(as_(dora).get(f"/runs/{run.pk}/editing/?a={four['Ada'].pk}&b={four['Cleo'].pk}"))
    assert "Pair Ada and Cleo Not possible. Not possible" in page
    assert not any(word in page.lower() for word in ("refus", "wish against", "please not"))


def test_what_is_ruled_out_cannot_be_paired_until_it_is_allowed(draft: MatchRun, do: Any) -> None:
    do(draft, "forbid", "Ada", "Cleo")
    with pytest.raises(CannotEdit, match="A lead has ruled this pair out in this draft"):
        do(draft, "cross", "Ada", "Cleo")
    do(draft, "allow", "Ada", "Cleo")
    do(draft, "cross", "Ada", "Cleo")
    assert pairs_of(draft) == the_pairs("Ada Cleo", "Ben Fay")


def test_undoing_step_by_step_and_all_at_once(draft: MatchRun, dora: Any, do: Any) -> None:
    do(draft, "swap", "Ada", "Cleo")
    do(draft, "separate", "Ada", "Fay")
    undo(draft, dora)
    assert pairs_of(draft) == the_pairs("Ben Cleo", "Ada Fay")
    do(draft, "join", "Ada", "Ben")
    editing.back_to_the_best(draft, dora, editing.latest(draft))
    assert pairs_of(draft) == the_pairs("Ada Ben", "Cleo Fay")
    assert not draft.edits.standing().exists()
    with pytest.raises(CannotEdit, match="nothing to undo"):
        undo(draft, dora)


def test_two_leads_at_once(draft: MatchRun, four: Any, dora: Any, do: Any) -> None:
    """Who saw the draft before the other's change is told; after an undo too."""
    seen = editing.latest(draft)
    do(draft, "swap", "Ada", "Cleo")
    pair = (four["Ben"].pk, four["Cleo"].pk)
    with pytest.raises(CannotEdit, match="Somebody changed this draft in the meantime"):
        editing.make(draft, dora, pair, f"separate-{pair[0]}", seen)
    seen = editing.latest(draft)
    undo(draft, dora)
    with pytest.raises(CannotEdit, match="Somebody changed this draft in the meantime"):
        editing.back_to_the_best(draft, dora, seen)


def test_a_change_holds_the_cohort_as_publishing_does(draft: MatchRun, do: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        do(draft, "keep", "Ada", "Ben")
    locks = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    assert [lock.split(" FROM ")[1].split()[0] for lock in locks] == ['"buddying_cohort"']


def test_matching_the_rest(four: Any, cohort: Any, make_draft: Any, dora: Any, do: Any, as_: Any) -> None:
    draft = make_draft(cohort, engine.Policy(odd="wait"))
    do(draft, "pair", "Ada", "Cleo")
    do(draft, "forbid", "Ben", "Fay")
    run = editing.match_the_rest(draft, dora)
    execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.based_on, run.figures["optimal"]) == ("draft", draft, True)
    assert pairs_of(run) == the_pairs("Ada Cleo")
    kept = {frozenset(map(str, one.participants.all())) for one in run.proposals.filter(pinned_at__isnull=False)}
    assert kept == the_pairs("Ada Cleo")
    assert pairs_of(draft) == the_pairs("Ada Cleo")
    said = "Odd number: one person waits · 1 pairing kept by hand · 1 pair ruled out"
    assert said in text(as_(dora).get(f"/runs/{run.pk}/"))
    again = editing.match_the_rest(run, dora)
    assert (again.pinned, again.forbidden) == (run.pinned, run.forbidden)


def test_from_an_empty_board(four: Any, cohort: Any, dora: Any, as_: Any) -> None:
    lead = as_(dora)
    started = lead.post(f"/cohorts/{cohort.pk}/matching/", {"odd": "trio", "by_hand": "yes"})
    run = MatchRun.objects.get()
    execute(run.pk)
    run.refresh_from_db()
    assert pairs_of(run) == set()
    page = text(lead.get(started.url))
    assert "Nobody is paired in this draft yet." in page
    assert "4 without a buddy" in page.replace("without a buddy 4", "4 without a buddy")

    a, b = four["Ada"].pk, four["Cleo"].pk
    shown = text(lead.get(f"/runs/{run.pk}/editing/?a={a}&b={b}"))
    assert "Without a buddy (4)" in shown
    assert "Named Ben (first)" in shown
    seen = editing.latest(run)
    lead.post(f"/runs/{run.pk}/editing/", {"a": a, "b": b, "seen": seen, "move": f"pair-{a}"})
    assert pairs_of(run) == the_pairs("Ada Cleo")
    rest = lead.post(f"/runs/{run.pk}/rest/")
    made = MatchRun.objects.exclude(pk=run.pk).get()
    assert rest.url == f"/runs/{made.pk}/"
    execute(made.pk)
    assert pairs_of(made) == the_pairs("Ada Cleo", "Ben Fay")

    editing.back_to_the_best(run, dora, editing.latest(run))
    assert pairs_of(run) == the_pairs("Ada Ben", "Cleo Fay")


def test_a_draft_changed_by_hand_is_published_and_says_so(draft: MatchRun, dora: Any, do: Any, as_: Any) -> None:
    do(draft, "cross", "Ada", "Cleo")
    draft.refresh_from_db()
    said = (
        "This draft was changed by hand. Against the best one that is possible under its rules: 2 fewer people where "
        "they named each other, 2 fewer people where one named the other, 4 more people where no wish could be met."
    )
    assert by_hand(draft, dora) == said
    page = text(as_(dora).get(f"/runs/{draft.pk}/"))
    assert said in page
    assert "proven that no better draft" not in page
    assert said in text(as_(dora).get(f"/runs/{draft.pk}/publication/"))
    publish(draft, dora)
    opened = {frozenset(str(person) for person in pairing.people()) for pairing in Pairing.objects.all()}
    assert opened == the_pairs("Ada Cleo", "Ben Fay")


def test_the_optimum_is_proven_even_if_the_draft_was_changed(draft: MatchRun, dora: Any, do: Any) -> None:
    do(draft, "cross", "Ada", "Cleo")
    draft.refresh_from_db()
    draft.plan["certificate"]["value"] += 2
    draft.save()
    with pytest.raises(CannotPublish, match="could not be checked once more"):
        publish(draft, dora)


def test_a_draft_that_breaks_a_rule_is_not_published(draft: MatchRun, four: Any, dora: Any, do: Any) -> None:
    """Somebody wrote past the verbs: the engine's judge says no."""
    do(draft, "cross", "Ada", "Cleo")
    draft.refresh_from_db()
    draft.snapshot["refusals"] = [[str(four["Ben"].pk), str(four["Fay"].pk)]]
    draft.plan = engine.solve(engine.Problem.from_dict(draft.snapshot)).to_dict()
    draft.save()
    with pytest.raises(CannotPublish, match=r"A pairing of this draft breaks a rule. Not possible\."):
        publish(draft, dora)
    assert not Pairing.objects.exists()


def test_seats_that_differ_from_the_plan_without_an_edit_are_not_published(draft: MatchRun, dora: Any) -> None:
    draft.proposals.first().delete()
    MatchRun.objects.filter(pk=draft.pk).update(figures=draft.figures | {"paired": 2})
    with pytest.raises(CannotPublish):
        publish(draft, dora)


def test_a_published_draft_is_not_changed(draft: MatchRun, four: Any, dora: Any, do: Any, as_: Any) -> None:
    publish(draft, dora)
    with pytest.raises(CannotEdit, match="Only a draft can be changed"):
        do(draft, "separate", "Ada", "Ben")
    assert as_(dora).get(f"/runs/{draft.pk}/editing/").url == f"/runs/{draft.pk}/"


@pytest.fixture
def ada_leads(ada: Any, programme: Any) -> Any:
    programme.add_lead(ada, added_by=ada)
    return ada


def test_a_lead_who_takes_part_cannot_touch_their_own_pairing(
    draft: MatchRun, four: Any, ada_leads: Any, do: Any, as_: Any
) -> None:
    """Nor see whom they sit with, who named them, or what another lead did about them."""
    with pytest.raises(CannotEdit, match="not possible with these two"):
        do(draft, "cross", "Ada", "Cleo", by=ada_leads)
    with pytest.raises(CannotEdit, match="not possible with these two"):
        do(draft, "cross", "Ben", "Cleo", by=ada_leads)
    draft.snapshot["nominations"].append({"from_id": str(four["Cleo"].pk), "to_id": str(four["Ada"].pk), "rank": 1})
    draft.save()
    path = f"/runs/{draft.pk}/editing/"
    page = text(as_(ada_leads).get(f"{path}?a={four['Ben'].pk}&b={four['Cleo'].pk}"))
    assert names_on(page.replace("Asked for by Dora", "")) == {"Cleo", "Fay"}
    assert "Named Fay (second)" in page
    do(draft, "cross", "Ada", "Cleo")
    page = text(as_(ada_leads).get(path))
    assert names_on(page) == {"Ben", "Fay"}
    assert "A change that has to do with your own pairing" in page
    assert "This draft was changed by hand." in page
    assert "Against the best" not in page
    with pytest.raises(CannotEdit, match="has to do with your own pairing"):
        undo(draft, ada_leads)
    with pytest.raises(CannotEdit, match="has to do with your own pairing"):
        editing.back_to_the_best(draft, ada_leads, editing.latest(draft))


@pytest.mark.parametrize("who", ["ada", "cleo", "eve", "olga"])
def test_nobody_else_changes_a_draft(draft: MatchRun, four: Any, who: str, as_: Any, request: Any) -> None:
    browser, before = as_(request.getfixturevalue(who)), pairs_of(draft)
    a, b = four["Ada"].pk, four["Ben"].pk
    for path in ("editing/", "editing/undoing/", "rest/"):
        sent = {"a": a, "b": b, "move": f"separate-{a}", "seen": "0"}
        assert browser.post(f"/runs/{draft.pk}/{path}", sent).status_code == 404
    assert browser.get(f"/runs/{draft.pk}/editing/").status_code == 404
    assert (pairs_of(draft), MatchRun.objects.count()) == (before, 1)


@pytest.mark.parametrize("asked", ["a=x&b=y", "a=99999999999&b=-1", "a=&b=", "find=Ada", "a=1&b=1"])
def test_an_address_that_means_nothing_shows_the_page(draft: MatchRun, dora: Any, as_: Any, asked: str) -> None:
    assert as_(dora).get(f"/runs/{draft.pk}/editing/?{asked}").status_code == 200


def test_a_stale_or_made_up_move_changes_nothing(draft: MatchRun, four: Any, dora: Any, as_: Any) -> None:
    lead, before = as_(dora), pairs_of(draft)
    good = {"a": four["Ada"].pk, "b": four["Ben"].pk, "seen": "0", "move": f"separate-{four['Ada'].pk}"}
    for wrong in ({"move": "erase"}, {"seen": "7"}, {"b": four["Ada"].pk}, {"a": ""}):
        assert lead.post(f"/runs/{draft.pk}/editing/", good | wrong).status_code == 302
    assert pairs_of(draft) == before
    assert not DraftEdit.objects.exists()


def test_who_was_looked_at_is_noted(draft: MatchRun, four: Any, dora: Any, as_: Any) -> None:
    as_(dora).get(f"/runs/{draft.pk}/editing/?a={four['Ada'].pk}&b={four['Fay'].pk}")
    looks = [(look.subject.name, look.purpose) for look in AccessRecord.objects.select_related("subject")]
    profiles = sorted(name for name, purpose in looks if "looked at your profile" in purpose)
    lists = sorted(name for name, purpose in looks if "looked at a draft" in purpose)
    assert (profiles, lists) == (["Ada", "Fay"], ["Ada", "Ben", "Cleo", "Fay"])


def test_in_a_large_cohort_people_are_searched_for(
    draft: MatchRun, four: Any, dora: Any, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.editing_page.IN_A_LIST", 2)
    page = as_(dora).get(f"/runs/{draft.pk}/editing/?a={four['Ada'].pk}&find=le").content.decode()
    assert page.count("<option") == 2 * 3  # Choose, Ada, Cleo


def test_the_page_asks_as_much_for_many_people_as_for_few(
    cohort: Any, dora: Any, make_person: Any, take_part: Any, make_draft: Any, as_: Any
) -> None:
    asked = []
    for people in (range(4), range(4, 12)):
        seats = [take_part(make_person(f"Person{number}"), cohort) for number in people]
        run = make_draft(cohort)
        asked.append(queries(as_(dora), f"/runs/{run.pk}/editing/?a={seats[0].pk}&b={seats[1].pk}"))
    assert asked[0] == asked[1] < 25


def test_the_page_asks_as_much_after_three_changes_as_after_one(draft: MatchRun, dora: Any, do: Any, as_: Any) -> None:
    do(draft, "keep", "Ada", "Ben")
    as_(dora).get(f"/runs/{draft.pk}/editing/")  # the look is noted once
    after_one = queries(as_(dora), f"/runs/{draft.pk}/editing/")
    do(draft, "release", "Ada", "Ben")
    do(draft, "forbid", "Ada", "Cleo")
    assert queries(as_(dora), f"/runs/{draft.pk}/editing/") == after_one


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_sequence_of_moves_keeps_everybody_in_one_place_and_can_be_undone(
    draft: MatchRun, four: Any, dora: Any, data: st.DataObject
) -> None:
    people = [participant.pk for participant in four.values()]
    best = pairs_of(draft)
    for _ in range(data.draw(st.integers(1, 6))):
        desk = Desk(draft, dora)
        a, b = data.draw(st.sampled_from([(x, y) for x in people for y in people if x != y]))
        move = data.draw(st.sampled_from(desk.standing.moves(a, b)))
        try:
            editing.make(draft, dora, (a, b), move.name, desk.seen)
        except CannotEdit as why:
            assert "ruled this pair out" in str(why)
    groups = pairs_of(draft)
    draft.refresh_from_db()
    assert all(len(group) in (2, 3) for group in groups)
    assert sum(map(len, groups)) + len(draft.unplaced) == 4
    while draft.edits.standing().exists():
        undo(draft, dora)
    assert pairs_of(draft) == best


def test_a_second_press_for_the_rest_returns_the_run_under_way(draft: MatchRun, dora: Any) -> None:
    first = editing.match_the_rest(draft, dora)
    assert editing.match_the_rest(draft, dora) == first == request_run(draft.cohort, dora)


def test_a_lead_who_takes_part_does_not_match_the_rest_around_themself(
    four: Any, cohort: Any, dora: Any, as_: Any, make_draft: Any, do: Any, take_part: Any
) -> None:
    """With everybody kept but one, that one would be left over for one reason: a refusal, and not their own."""
    mine = take_part(dora, cohort)
    gwen = take_part(Person.objects.create(name="Gwen", email="gwen@example.org"), cohort)
    Refusal.objects.create(refuser=gwen, refused=mine)
    draft = make_draft(cohort, engine.Policy(odd="wait"))
    lead, page = as_(dora), f"/runs/{draft.pk}/editing/"
    told = "You take part in this cohort yourself, so another lead matches the rest again."
    assert [words in text(lead.get(page)) for words in (told, "Match the rest again")] == [True, False]
    asked = lead.post(f"/runs/{draft.pk}/rest/", follow=True)
    assert (told in text(asked), MatchRun.objects.count()) == (True, 1)
    with pytest.raises(CannotStart):
        editing.match_the_rest(draft, dora)
