"""Files that a lead might import to break a page, or to change people who are not theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from buddying.importing import people
from buddying.importing.plan import NOTHING, Choices, Source
from buddying.importing.saving import import_files, plan_import
from buddying.models import Cohort, Participant, Person, Programme


def test_an_endless_number_is_a_problem_and_no_crash(cohort: Cohort) -> None:
    ties = Source("nominations.csv", f"from_id,to_id\n1,{'9' * 5000}\n")
    assert plan_import(cohort, Source("people.csv", "id\n1\n2\n"), ties).problems


def test_time_zones_are_looked_up_once(cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = []
    monkeypatch.setattr(people, "available_timezones", lambda: looked_up.append(1) or {"Europe/Berlin"})
    people._zones.cache_clear()
    plan_import(cohort, Source("people.csv", "id,time_zone\n1,Europe/Berlin\n2,Europe/Berlin\n"))
    people._zones.cache_clear()
    assert looked_up == [1]


def test_people_of_another_programme_are_not_changed(
    cohort: Cohort, make_cohort: Callable[..., Cohort], ben: Person, ada: Person, take_part: Callable[..., Participant]
) -> None:
    """As ``may_correct`` has it by hand: Ben is on the list of a programme that this lead does not lead."""
    elsewhere = make_cohort("Elsewhere")
    other = Programme.objects.create(name="Other", template="three-month-buddying", purpose="x")
    Cohort.objects.filter(pk=elsewhere.pk).update(programme=other)
    take_part(ben, elsewhere)
    take_part(ada, elsewhere)
    head = "id,name,email,manager_id,department,time_zone\n"
    rows = head + "1,Bad Ben,ben@example.org,2,Bad,Asia/Tokyo\n2,A,ada@example.org,,,\n"
    import_files(cohort, Source("people.csv", rows), NOTHING, Choices(agreed=True))
    ben.refresh_from_db()
    assert (ben.name, ben.manager, ben.department, ben.time_zone) == ("Ben", None, "", "Europe/London")


def test_an_account_holder_is_not_made_to_take_part(cohort: Cohort, ben: Person) -> None:
    """“They have agreed” is for people the file brings in; who has an account says yes themself."""
    Person.objects.filter(pk=ben.pk).update(last_login=timezone.now())
    import_files(cohort, Source("p.csv", "id,email\n1,ben@example.org\n"), NOTHING, Choices(agreed=True))
    assert Participant.objects.get(person=ben).joined_at is None
