"""What a lead might try, above all one who takes part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Participant, Person, Refusal
from buddying.people import TheirOwn, correct
from matching.drafts import draft_of
from matching.models import MatchRun, Pairing
from matching.running import execute, request_run
from trust.models import AccessRecord

As = Callable[[Person | None], Client]
TakePart = Callable[..., Participant]


@pytest.fixture
def draft(cohort: Cohort, dora: Person, ada: Person, ben: Person, cleo: Person, take_part: TakePart) -> MatchRun:
    """Ben and Cleo find each other; Dora, who leads and takes part, is refused by all, and so is left with Ada."""
    takes_part = {person.name: take_part(person, cohort) for person in (dora, ada, ben, cleo)}
    for name in ("Ada", "Ben", "Cleo"):
        Refusal.objects.create(refuser=takes_part[name], refused=takes_part["Dora"])
    for name in ("Ben", "Cleo"):
        Refusal.objects.create(refuser=takes_part[name], refused=takes_part["Ada"])
    run = request_run(cohort, dora)
    execute(run.pk)
    run.refresh_from_db()
    return run


def test_a_lead_who_takes_part_does_not_learn_who_refused_them(
    draft: MatchRun, dora: Person, make_person: Callable[..., Person], as_: As
) -> None:
    """“Everybody else is not possible”, where Dora refused nobody, says that everybody refused her."""
    assert [one.member.person.name for one in draft_of(draft, dora, None).left_over] == ["Ada", "Dora"]
    assert {(one.why, one.relaxation) for one in draft_of(draft, dora, None).left_over} == {("", "")}
    assert "not possible" not in as_(dora).get(f"/runs/{draft.pk}/").content.decode()
    fran = make_person("Fran")
    draft.cohort.programme.add_lead(fran, added_by=dora)
    assert "not possible" in "".join(one.why for one in draft_of(draft, fran, None).left_over)


def test_a_lead_who_takes_part_is_not_told_how_many_pairings_became_impossible(
    cohort: Cohort, dora: Person, ada: Person, take_part: TakePart, as_: As
) -> None:
    """Where the one pairing is their own, the number would name who refused them."""
    lead, other = take_part(dora, cohort), take_part(ada, cohort)
    run = request_run(cohort, dora)
    execute(run.pk)
    Refusal.objects.create(refuser=other, refused=lead)
    page = as_(dora).get(f"/runs/{run.pk}/").content.decode()
    assert "1 pairing of this draft" not in page
    assert "not possible any more" not in page
    assert "Match again" in page


def test_a_correction_gives_way_to_a_first_log_in_that_came_in_between(
    cohort: Cohort, dora: Person, ada: Person, take_part: TakePart
) -> None:
    take_part(ada, cohort)
    ada.email = "dora.too@example.org"
    Person.objects.filter(pk=ada.pk).update(last_login=timezone.now())
    with pytest.raises(TheirOwn):
        correct(ada, by=dora)
    assert Person.objects.get(pk=ada.pk).email == "ada@example.org"


def test_a_correction_does_not_open_a_closed_account(
    cohort: Cohort, dora: Person, ada: Person, take_part: TakePart
) -> None:
    take_part(ada, cohort)
    ada.name = "Ada O."
    Person.objects.filter(pk=ada.pk).update(deactivated_at=timezone.now())
    correct(ada, by=dora)
    assert Person.objects.get(name="Ada O.").deactivated_at


def test_long_names_do_not_keep_a_look_from_being_noted(pairing: Pairing, dora: Person, ada: Person, as_: As) -> None:
    cohort = pairing.cohort
    type(cohort).objects.filter(pk=cohort.pk).update(name="n" * 120)
    type(cohort.programme).objects.filter(pk=cohort.programme_id).update(name="p" * 120)
    assert as_(dora).get(f"/cohorts/{cohort.pk}/").status_code == 200
    assert AccessRecord.objects.filter(viewer=dora, subject=ada, seen_at__gt=timezone.now() - timedelta(minutes=1))
