"""Before a run: what the lead can set, what each rule would cost, and who is reminded."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Nomination, Participant, Refusal, WeeklyWindow
from matching import engine, reminding
from matching.costs import costs_before_a_run
from matching.forms import PRESETS, PolicyForm, in_words, policy_form
from matching.models import MatchRun
from outbox import kinds
from outbox.models import Message
from tests.matching.test_pages import queries, text

NOBODY = "Leaves nobody without a possible buddy."


def test_what_is_left_alone_is_the_engines_own_policy() -> None:
    form = PolicyForm({"odd": "trio"})
    assert form.is_valid()
    assert form.policy() == engine.Policy()
    shown = {name: field.initial for name, field in PolicyForm().fields.items() if field.initial not in (None, "")}
    form = PolicyForm(shown)
    assert form.is_valid()
    assert form.policy() == engine.Policy()


def test_everything_can_be_set() -> None:
    form = PolicyForm(
        {
            "odd": "wait",
            "min_common_hours": "3",
            "no_repeat_within": "2",
            "department": "different",
            "whole_line": "on",
            "max_level_gap": "0",
            "max_commitment_factor": "1.5",
            "same_place": "on",
            "min_score": "45",
            "order": "balanced",
            "weight_common_time": "6",
            "enough_hours": "2",
            "weight_similar_commitment": "0",
            "weight_wants_and_offers": "1",
            "weight_different_goals": "-3",
            "weight_different_department": "-3",
            "weight_different_level": "3",
            "weight_same_place": "1",
        }
    )
    assert form.is_valid(), form.errors
    assert form.policy() == engine.Policy(
        odd="wait",
        order="balanced",
        rules=engine.HardRules(True, 2, 0, "different", 3, 1.5, True, 450),
        weights=engine.SoftWeights(
            common_time=6,
            similar_commitment=0,
            wants_and_offers=1,
            different_goals=-3,
            different_department=-3,
            different_level=3,
            same_place=1,
            enough_hours=2,
        ),
    )
    assert in_words(form.policy().to_dict()) == [
        "Odd number: one person waits",
        "Nobody with anybody above them",
        "At least 3 free hours a week in common",
        "Nobody with a buddy of the last 2 cohorts",
        "Always different departments",
        "The same level",
        "One gives at most 1.5 times the other’s hours",
        "The same place",
        "Nobody who fits less than 45 %",
        "Nominations weighed against the other wishes",
        "Other wishes than usual",
    ]


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_is_a_policy_that_the_form_would_take(name: str) -> None:
    form = policy_form(None, name)
    data = {field: form[field].value() for field in form.fields if form[field].value() not in (None, "", False)}
    sent = PolicyForm(data)
    assert sent.is_valid(), sent.errors
    assert (sent.policy() == engine.Policy()) == (name == "wishes")


def test_a_preset_that_nobody_knows_is_the_usual_one(four: Any, cohort: Any, dora: Any, as_: Any) -> None:
    assert as_(dora).get(f"/cohorts/{cohort.pk}/matching/?preset=odd").status_code == 200
    page = as_(dora).get(f"/cohorts/{cohort.pk}/matching/?preset=easy").content.decode()
    assert 'name="min_common_hours" value="1"' in page
    assert '<details class="disclosure" open><summary>Further rules' in page


def test_each_rule_says_whom_it_leaves_without_a_possible_buddy(four: Any, cohort: Any) -> None:
    people = [four[name].person for name in ("Ada", "Ben", "Cleo", "Fay")]
    for person, level, department in zip(people, (1, 1, 2, 9), ("A", "A", "A", "B"), strict=True):
        person.level, person.department = level, department
        person.save()
    for person, hour in zip(people, (9, 9, 9, 18), strict=True):
        WeeklyWindow.objects.create(person=person, weekday=0, starts_at=time(hour), minutes=120)
    assert costs_before_a_run(cohort) == {
        "min_common_hours": "People left without a possible buddy, with 1 hour: 1; 2 hours: 1; 4 hours: 4.",
        "no_repeat_within": NOBODY,
        "department": "People left without a possible buddy, "
        "with different departments: nobody; the same department: 1.",
        "whole_line": NOBODY,
        "max_level_gap": "People left without a possible buddy, with 0 levels: 2; 1 level: 1; 2 levels: 1.",
        "max_commitment_factor": NOBODY,
        "same_place": NOBODY,
        "min_score": "People left without a possible buddy, with 30 %: nobody; 50 %: 1; 70 %: 4.",
    }


def test_the_whole_line_is_counted_over_people_who_do_not_take_part(
    participants: dict[str, Participant], cohort: Any, ada: Any, ben: Any, cleo: Any, max_: Any
) -> None:
    """Ada answers to Max, who takes no part, Max to Ben; Cleo to Ada: all three in one line."""
    max_.manager, cleo.manager = ben, ada
    max_.save()
    cleo.save()
    assert costs_before_a_run(cohort)["whole_line"] == "This rule leaves 3 people without a possible buddy."


def test_no_cost_tells_of_a_refusal(four: dict[str, Participant], cohort: Any) -> None:
    """Only Ben works elsewhere: with Ada's refusal counted, different departments would leave her nobody."""
    for name, department in {"Ada": "A", "Ben": "B", "Cleo": "A", "Fay": "A"}.items():
        four[name].person.department = department
        four[name].person.save()
    before = costs_before_a_run(cohort)
    Refusal.objects.create(refuser=four["Ada"], refused=four["Ben"])
    assert costs_before_a_run(cohort) == before


def test_many_people_are_counted_after_the_page(
    four: Any, cohort: Any, dora: Any, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, board = as_(dora), f"/cohorts/{cohort.pk}/matching/"
    page = lead.get(board).content.decode()
    assert page.count(NOBODY) == 7
    assert f'hx-get="{board}costs/"' not in page
    monkeypatch.setattr("matching.policy_page.WITH_THE_PAGE", 3)
    page = lead.get(board).content.decode()
    assert page.count(NOBODY) == 0
    assert f'hx-get="{board}costs/"' in page
    part = lead.get(f"{board}costs/").content.decode()
    assert part.count(NOBODY) == 7
    assert part.count('hx-swap-oob="true"') == 8
    monkeypatch.setattr("matching.policy_page.AT_ALL", 3)
    monkeypatch.setattr("matching.board_views.AT_ALL", 3)
    assert f'hx-get="{board}costs/"' not in lead.get(board).content.decode()
    assert lead.get(f"{board}costs/").status_code == 204


@pytest.fixture
def silent(nominating_cohort: Any, ada: Any, ben: Any, cleo: Any, eve: Any, take_part: Any) -> dict[str, Participant]:
    """Ada and Ben have not named anybody; nor has Cleo, who has no address; Eve has."""
    cleo.email = None
    cleo.save()
    take_part(eve, nominating_cohort, nominated_at=timezone.now())
    return {person.name: take_part(person, nominating_cohort) for person in (ada, ben, cleo)}


def test_reminding_once_a_day(silent: Any, nominating_cohort: Any, dora: Any, as_: Any) -> None:
    lead, board = as_(dora), f"/cohorts/{nominating_cohort.pk}/matching/"
    assert "Remind 2 by mail" in text(lead.get(board))
    answer = lead.post(f"{board}reminders/", follow=True)
    assert "2 people are being reminded by mail." in answer.content.decode()
    assert "Whoever has an e-mail address has been reminded today." in text(answer)
    assert {message.recipient.name for message in Message.objects.all()} == {"Ada", "Ben"}
    assert "Nobody was reminded" in lead.post(f"{board}reminders/", follow=True).content.decode()
    assert Message.objects.count() == 2
    assert reminding.remind(nominating_cohort, at=timezone.now() + timedelta(days=1)) == 2


def test_nobody_is_reminded_once_naming_is_over(four: Any, cohort: Any, dora: Any, as_: Any) -> None:
    assert "Remind" not in text(as_(dora).get(f"/cohorts/{cohort.pk}/matching/"))
    assert reminding.remind(cohort) == 0
    assert Message.objects.count() == 0


def test_a_reminder_is_not_sent_to_somebody_who_has_named_or_left(silent: Any, nominating_cohort: Any) -> None:
    reminding.remind(nominating_cohort)
    messages = {message.recipient.name: message for message in Message.objects.all()}
    compose = kinds.kind_of("nomination_reminder").compose
    letter = compose(messages["Ada"])
    assert letter is not None
    assert letter.subject == "Whom would you like as a buddy?"
    assert f"/cohorts/{nominating_cohort.pk}/nominations/" in letter.text
    silent["Ada"].nominated_at = silent["Ben"].left_at = timezone.now()
    silent["Ada"].save()
    silent["Ben"].save()
    assert [compose(message) for message in messages.values()] == [None, None]


def test_the_board_asks_no_more_for_many_people(
    cohort: Any, dora: Any, make_person: Any, take_part: Any, as_: Any
) -> None:
    asked = []
    for people in (range(3), range(3, 12)):
        seats = [take_part(make_person(f"Person{number}"), cohort) for number in people]
        Nomination.objects.create(nominator=seats[0], nominee=seats[1], rank=1)
        asked.append(queries(as_(dora), f"/cohorts/{cohort.pk}/matching/"))
    assert asked[0] == asked[1] < 30
    assert MatchRun.objects.count() == 0
