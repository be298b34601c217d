from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from buddying.models import Cohort, Nomination, Participant

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    people, nominations = tmp_path / "people.csv", tmp_path / "nominations.csv"
    people.write_text("id,label,age\n1,A01,40\n2,A02,50\n")
    nominations.write_text("from_id,to_id,rank_or_weight,kind\n1,2,1,advice\n2,1,1,friendship\n")
    return str(people), str(nominations)


def run(*args: str, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_cohort", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_it_imports(files: tuple[str, str], nominating_cohort: Cohort) -> None:
    number = str(nominating_cohort.pk)
    pattern = "--address-pattern={label}@example.org"
    out, _ = run(*files, "--cohort", number, "--kind", "advice", pattern, "--agreed")
    assert out.splitlines() == [
        "2 people in the file: 2 new, 0 here already.",
        "People who name others: 1; first to third wishes: 1; also happy with: 0; refusals: 0.",
        "Not used in people.csv: age.",
        "Note: 1 person was named by nobody in the file.",
        "Note: 1 person names nobody in the file.",
        f"Imported into {nominating_cohort}: 2 new, 0 invited.",
    ]
    assert (Participant.objects.present().count(), Nomination.objects.count()) == (2, 1)


def test_a_dry_run_changes_nothing(files: tuple[str, str], nominating_cohort: Cohort) -> None:
    out, _ = run(files[0], "--cohort", str(nominating_cohort.pk), "--dry-run")
    assert "nothing was changed" in out
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "Say with --kind which rows are nominations: advice (1), friendship (1)."),
        (["--kind", "none"], "Nothing was imported."),
        (["--kind", "advice", "--address-pattern", "x"], "Put {id} or {label} into the pattern"),
    ],
)
def test_it_stops(files: tuple[str, str], nominating_cohort: Cohort, more: list[str], said: str) -> None:
    with pytest.raises(CommandError) as caught:
        run(*files, "--cohort", str(nominating_cohort.pk), *more)
    assert said in str(caught.value)
    assert not Participant.objects.exists()


def test_problems_go_to_the_error_stream(tmp_path: Path, nominating_cohort: Cohort) -> None:
    people = tmp_path / "people.csv"
    people.write_text("id,level\n" + "".join(f"{n},x\n" for n in range(102)))
    err = StringIO()
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_cohort", str(people), "--cohort", str(nominating_cohort.pk), stderr=err)
    lines = err.getvalue().splitlines()
    assert lines[0] == "people.csv, line 2, column “level”: “x” is not a whole number."
    assert (len(lines), lines[-1]) == (101, "… and 2 more.")


def test_a_file_or_a_cohort_that_is_not_there(files: tuple[str, str], nominating_cohort: Cohort) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("nowhere.csv", "--cohort", str(nominating_cohort.pk))
    with pytest.raises(CommandError, match="There is no cohort with the number 0"):
        run(files[0], "--cohort", "0")
