from __future__ import annotations

import pytest

from buddying.importing import people
from buddying.importing.addresses import BadPattern, address_of, check_pattern
from buddying.importing.people import PersonDraft, check_among_themselves, check_managers, read_people
from buddying.importing.reading import Table, read_table


def read(text: str, pattern: str = "") -> tuple[list[PersonDraft], list[str]]:
    drafts, problems = read_people(read_table("people.csv", text, people.SHAPE), pattern)
    return drafts, [str(problem) for problem in problems]


def test_a_full_row() -> None:
    drafts, problems = read(
        "id,label,email,department,team,level,manager_id,office,time_zone,hours_per_month\n"
        "7,Ada,Ada@Example.org,Sales,Engines,2,3,Boston,Europe/Berlin,4\n"
    )
    facts = {
        "department": "Sales",
        "team": "Engines",
        "level": 2,
        "place": "Boston",
        "time_zone": "Europe/Berlin",
        "hours_per_month": 4,
    }
    assert problems == []
    assert drafts == [PersonDraft(2, "7", "Ada", "ada@example.org", "3", facts)]


def test_without_a_name_people_are_called_by_their_id() -> None:
    drafts, _ = read("id\n12\n")
    assert (drafts[0].name, drafts[0].shown_name, drafts[0].facts) == ("", "Person 12", {})


@pytest.mark.parametrize(
    ("heading", "cell", "said"),
    [
        ("level", "three", "“three” is not a whole number."),
        ("level", "2.5", "“2.5” is not a whole number."),
        ("level", "-1", "“-1” is not a whole number."),
        ("level", "²", "“²” is not a whole number."),
        ("level", "99999999999", "“99999999999” is not between 0 and 1000."),
        ("hours_per_month", "21", "“21” is not between 1 and 20."),
        ("hours_per_month", "0", "“0” is not between 1 and 20."),
        ("email", "ada(at)example.org", "“ada(at)example.org” is not an e-mail address."),
        ("time_zone", "Berlin", "“Berlin” is no time zone. One is for example Europe/Berlin."),
        ("department", "x" * 121, "This is longer than 120 characters."),
        ("name", "x" * 121, "This is longer than 120 characters."),
    ],
)
def test_cells_that_are_wrong(heading: str, cell: str, said: str) -> None:
    assert read(f"id,{heading}\n1,{cell}\n")[1] == [f"people.csv, line 2, column “{heading}”: {said}"]


def test_an_id_is_needed_and_not_endless() -> None:
    assert read("id,name\n,Ada\n")[1] == [
        "people.csv, line 2, column “id”: This cell is empty. Each person needs an id."
    ]
    assert read(f"id\n{'x' * 61}\n")[1] == ["people.csv, line 2, column “id”: This is longer than 60 characters."]


def test_a_problem_names_the_column_as_the_file_does() -> None:
    assert read("id,E-Mail address\n1,x\n")[1] == [
        "people.csv, line 2, column “E-Mail address”: “x” is not an e-mail address."
    ]


def test_ids_and_addresses_stand_once() -> None:
    drafts, _ = read("id,email\n1,a@b.org\n2,A@B.org\n1,\n")
    assert [str(problem) for problem in check_among_themselves(Table("people.csv"), drafts)] == [
        "people.csv, line 4, column “id”: “1” stands on line 2 already.",
        "people.csv, line 3, column “email”: “a@b.org” stands on line 2 already.",
    ]


def managers(text: str, here: dict[str, str] | None = None) -> list[str]:
    drafts, _ = read("id,manager_id\n" + text)
    return [str(problem).partition(": ")[2] for problem in check_managers(Table("people.csv"), drafts, here or {})]


def test_managers() -> None:
    assert managers("1,2\n2,\n") == []
    assert managers("1,9\n", {"9": ""}) == []
    assert managers("1,9\n") == ["“9” is no id in this file, nor in the cohort."]
    assert managers("1,1\n") == ["“1” is this person’s own id. Nobody is their own manager."]


def test_managers_in_a_circle_are_named_once() -> None:
    assert managers("0,1\n1,2\n2,3\n3,1\n4,1\n") == [
        "These people would be each other’s managers in a circle: 1 → 2 → 3 → 1."
    ]
    assert managers("1,9\n", {"9": "8", "8": "1"}) == [
        "These people would be each other’s managers in a circle: 1 → 9 → 8 → 1."
    ]
    assert len(managers("1,2\n2,1\n3,4\n4,3\n")) == 2


def test_a_long_line_of_managers_is_no_circle() -> None:
    assert managers("".join(f"{number},{number + 1}\n" for number in range(5000)) + "5000,\n") == []


@pytest.mark.parametrize(
    ("pattern", "reference", "name", "address"),
    [
        ("{label}@example.org", "1", "A01", "a01@example.org"),
        ("{id}@example.org", "7", "Ada", "7@example.org"),
        ("{name}.{id}@example.org", "7", "Zoë O'Brien-Smith", "zoe.obrien-smith.7@example.org"),
    ],
)
def test_address_patterns(pattern: str, reference: str, name: str, address: str) -> None:
    check_pattern(pattern)
    assert address_of(pattern, reference, name) == address


@pytest.mark.parametrize("pattern", ["ada@example.org", "{label}", "{nick}@example.org", "{}@example.org", "{id} @x"])
def test_patterns_that_make_no_addresses(pattern: str) -> None:
    with pytest.raises(BadPattern):
        check_pattern(pattern)


def test_a_pattern_fills_only_what_is_empty() -> None:
    drafts, problems = read("id,label,email\n1,A01,\n2,A02,two@b.org\n3,,\n", "{label}@example.org")
    assert [draft.email for draft in drafts] == ["a01@example.org", "two@b.org", "3@example.org"]
    assert problems == []


def test_a_name_that_makes_no_address_is_named() -> None:
    assert read("id,name\n1,李\n", "{name}@example.org")[1] == [
        "people.csv, line 2, column “name”: The pattern makes “@example.org” of this: no e-mail address."
    ]
