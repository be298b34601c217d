import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from matching.engine import Plan, Problem, verify
from matching.engine.__main__ import main

PEOPLE = "id,name,department,level,manager_id\n1,Ada,law,1,\n2,Ben,sales,2,9\n10,Cleo,law,1,1\n"
CHOICES = "from_id,to_id,rank_or_weight,kind\n1,2,1,friend\n1,10,2,friend\n2,1,1,friend\n10,2,,friend\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "nominations.csv").write_text(CHOICES)
    return tmp_path


def run(folder: Path, *more: str) -> int:
    return main([str(folder / "people.csv"), str(folder / "nominations.csv"), *more])


def test_as_a_command(folder: Path) -> None:
    command = [sys.executable, "-m", "matching.engine", folder / "people.csv", folder / "nominations.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert list(csv.DictReader(done.stdout.splitlines())) == [
        {
            "pairing": "1",
            "member_ids": "1;2",
            "tier": "mutual",
            "weight": done.stdout.splitlines()[1].split(",")[3],
            "reasons": "Ada and Ben named each other first. Different departments. Different levels.",
        }
    ]
    assert done.stderr.splitlines() == [
        "placed: 2 of 3 people in 1 pairings (trios: 0)",
        "mutual: 2 people",
        "one-way: 0 people",
        "also: 0 people",
        "none: 0 people",
        "unplaced: 1",
        "  10: all-taken. Invite one more person who may be paired with them.",
        "optimal: yes",
    ]


def test_writes_pairings_and_a_certificate_that_anyone_can_check(folder: Path) -> None:
    assert run(folder, "--out", str(folder / "out.csv"), "--certificate", str(folder / "cert.json")) == 0
    with (folder / "out.csv").open() as file:
        assert [row["member_ids"] for row in csv.DictReader(file)] == ["1;2"]
    written = json.loads((folder / "cert.json").read_text())
    verify(Problem.from_dict(written["problem"]), Plan.from_dict(written["plan"]))


def test_policy_and_other_names_of_columns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = folder / "policy.toml"
    policy.write_text('odd = "wait"\n[rules]\ndepartment = "different"\n[columns]\ndepartment = "level"\n')
    assert run(folder, "--policy", str(policy), "--out", str(folder / "out.csv")) == 0
    assert "mutual: 2 people" in capsys.readouterr().err


def test_refusals_by_kind_and_by_a_negative_value(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for refusal in ("2,1,,refusal", "2,1,-1,friend"):
        (folder / "nominations.csv").write_text(CHOICES + refusal + "\n")
        assert run(folder) == 0
        assert capsys.readouterr().out.splitlines()[1].split(",")[1] == "2;10"


def test_ties_keep_the_first_three_mutual_first_then_by_id(tmp_path: Path) -> None:
    from matching.engine.reading import read_choices, read_people

    (tmp_path / "people.csv").write_text("id\n1\n2\n3\n10\n11\n")
    rows = ["1,11", "1,10", "1,3", "1,2", "10,1"]
    (tmp_path / "ties.csv").write_text("from_id,to_id\n" + "\n".join(rows) + "\n")
    people = read_people(tmp_path / "people.csv", {})

    def named(rank_by: str, top: int | None) -> list[tuple[str, int | None]]:
        choices = read_choices(tmp_path / "ties.csv", people, None, rank_by, top, {})  # type: ignore[arg-type]
        return [(n.to_id, n.rank) for n in choices.nominations if n.from_id == "1"]

    assert named("auto", None) == [("10", 1), ("2", 2), ("3", 3)]
    assert named("mutual", 1) == [("10", 1)]
    assert named("weight", 0) == [("10", 1), ("2", 2), ("3", 3), ("11", 4)]


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("people.csv", "name\nAda\n", "people.csv, line 1, column id: this column is missing"),
        ("people.csv", "", "people.csv, line 1, column id: this column is missing"),
        ("people.csv", "id,id\n1,2\n", "line 1, column id: this column is there twice"),
        ("people.csv", "id,level\n1,1\n2,high\n", "line 3, column 2 (level): 'high' is not a whole number"),
        (
            "people.csv",
            "id,level\n1,1\n\n2\n",
            "line 4, column 2: the line has 1 columns where the heading has 2",
        ),
        ("people.csv", "id,level\n1,1\n,2\n", "line 3, column 1 (id): nothing is written here"),
        ("people.csv", "id\n1\n2\n1\n", "line 4, column 1 (id): '1' is already on line 2"),
        ("people.csv", "id,free\n1,400\n", "line 2, column 2 (free): '400' is not a list of half-hours"),
        ("people.csv", 'id,name\n1,"Ada\n', "people.csv, line 2"),
        ("people.csv", b"id,name\n1,Ada\n2,Bj\xf6rn\n", "line 3, column 2: this is not UTF-8"),
        ("nominations.csv", "from_id\n1\n", "nominations.csv, line 1, column to_id: this column is missing"),
        ("nominations.csv", "from_id,to_id\n1,7\n", "line 2, column 2 (to_id): '7' is not among the people"),
        ("nominations.csv", "from_id,to_id\n1,1\n", "line 2, column 2 (to_id): '1' names themself"),
        (
            "nominations.csv",
            "from_id,to_id,rank\n1,2,first\n",
            "line 2, column 3 (rank): 'first' is not a number",
        ),
        (
            "nominations.csv",
            "from_id,to_id,rank\n1,2,nan\n",
            "line 2, column 3 (rank): 'nan' is not a number",
        ),
        (
            "policy.toml",
            "odd = 'trio'\n[rules]\nlevels = 1\n",
            "policy.toml, line 3, column 1: rules.levels is not",
        ),
        ("policy.toml", "odd = \n", "policy.toml, line 1, column 7"),
    ],
)
def test_bad_input_is_named_by_file_line_and_column(
    folder: Path, capsys: pytest.CaptureFixture[str], file: str, text: str | bytes, message: str
) -> None:
    (folder / "policy.toml").write_text("")
    (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    assert run(folder, "--policy", str(folder / "policy.toml")) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""


def test_a_rank_that_is_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "nominations.csv").write_text("from_id,to_id,rank\n1,2,1.5\n")
    assert run(folder, "--rank-by", "value") == 2
    assert "line 2, column 3 (rank): '1.5' is not a rank" in capsys.readouterr().err


def test_a_kind_that_is_not_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--kind", "foe") == 2
    assert "line 1, column kind: no row is of kind 'foe'; there are friend" in capsys.readouterr().err


def test_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 2
    assert "people.csv: No such file or directory" in capsys.readouterr().err


def test_semicolons_and_a_byte_order_mark_as_spreadsheets_write_them(folder: Path) -> None:
    (folder / "people.csv").write_bytes(b"\xef\xbb\xbf" + PEOPLE.replace(",", ";").encode())
    (folder / "nominations.csv").write_text(CHOICES.replace(",", ";").replace("\n", "\r\n"))
    assert run(folder) == 0
