"""Published data sets that lie beside the project, as they are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from buddying.importing.plan import Choices, Source
from buddying.importing.reading import text_of
from buddying.importing.saving import import_files, plan_import
from buddying.models import Cohort, Nomination, Participant, Person

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="the folder ../shared/data is not here"),
]


def sources(name: str) -> tuple[Source, Source]:
    files = (DATA / name / file for file in ("people.csv", "nominations.csv"))
    people, nominations = (Source(file.name, text_of(file.name, file.read_bytes())) for file in files)
    return people, nominations


def test_managers_of_one_firm(nominating_cohort: Cohort) -> None:
    choices = Choices(kinds=("friendship",), address_pattern="{label}@example.org", agreed=True)
    done = import_files(nominating_cohort, *sources("krackhardt_hightech"), choices)
    assert done.plan.kinds == {"advice": 190, "friendship": 102}
    assert done.plan.unused == {"people.csv": ("level_name", "tenure_years", "age")}
    assert Participant.objects.present().count() == 21
    seven = Person.objects.get(email="a07@example.org")
    assert (seven.name, seven.level, seven.department, seven.manager) == ("A07", 1, "0", None)
    assert Counter(Person.objects.exclude(manager=None).values_list("manager__name", flat=True)) == {
        "A07": 4, "A14": 7, "A21": 4, "A18": 2, "A02": 3,
    }  # fmt: skip
    assert Nomination.objects.count() == 102
    ranked = Nomination.objects.filter(rank__isnull=False)
    assert Counter(ranked.values_list("rank", flat=True)) == {1: 19, 2: 17, 3: 12}


def test_lawyers_in_three_offices(nominating_cohort: Cohort) -> None:
    choices = Choices(kinds=("friendship", "cowork"), keep_rest=False)
    done = import_files(nominating_cohort, *sources("lazega_lawfirm"), choices)
    assert (done.added, done.plan.kinds["cowork"]) == (71, 1104)
    assert set(Person.objects.exclude(place="").values_list("place", flat=True)) == {"Boston", "Hartford", "Providence"}
    assert not Nomination.objects.filter(rank=None).exists()


def test_students_who_ranked_everybody(nominating_cohort: Cohort) -> None:
    files = sources("newcomb_fraternity")
    assert plan_import(nominating_cohort, *files).undecided
    done = import_files(nominating_cohort, *files, Choices(kinds=("preference_week_00",), agreed=True))
    assert done.plan.totals[2:] == (17, 51, 17 * 13, 0)
    assert Person.objects.filter(name="Person 1").exists()


def test_an_institution_of_a_thousand(nominating_cohort: Cohort) -> None:
    done = import_files(nominating_cohort, *sources("email_eu_core"), Choices(keep_rest=False))
    assert (done.added, done.plan.kinds["emailed"]) == (1005, 24_929)
    assert any("named by nobody" in warning for warning in done.plan.warnings)
