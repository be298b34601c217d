from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buddying.importing import nominations
from buddying.importing.nominations import (
    Tie,
    Wishes,
    by_id,
    contradictions,
    kinds_in,
    read_ties,
    usual_kinds,
    wishes_of,
)
from buddying.importing.reading import Table, read_table

HEADING = "from_id,to_id,rank_or_weight,kind\n"
PEOPLE = [str(number) for number in range(1, 12)]


def read(text: str) -> tuple[list[Tie], list[str]]:
    ties, problems = read_ties(read_table("nominations.csv", HEADING + text, nominations.SHAPE), PEOPLE)
    return ties, [str(problem).removeprefix("nominations.csv, ") for problem in problems]


def wishes(text: str, *kinds: str, keep_rest: bool = True) -> dict[str, Wishes]:
    ties, problems = read(text)
    assert problems == []
    return wishes_of(ties, kinds or ("nomination",), keep_rest=keep_rest)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,99,1,", "line 2, column “to_id”: “99” is no id among the people, nor in the cohort."),
        ("99,1,1,", "line 2, column “from_id”: “99” is no id among the people, nor in the cohort."),
        (",1,1,", "line 2, column “from_id”: This cell is empty."),
        ("1,,1,", "line 2, column “to_id”: This cell is empty."),
        ("1,1,1,", "line 2, column “to_id”: “1” names themself."),
        ("1,2,first,", "line 2, column “rank_or_weight”: “first” is not a number."),
        ("1,2,nan,", "line 2, column “rank_or_weight”: “nan” is not a number."),
        ("1,2,inf,", "line 2, column “rank_or_weight”: “inf” is not a number."),
        (
            "1,2,0,",
            "line 2, column “rank_or_weight”: 0 says nothing. "
            "Write 1 for the first wish, 2 for the second, or leave the row out.",
        ),
        ("1,2,1,x\n1,2,2,x", "line 3, column “to_id”: “1” names “2” on line 2 already."),
    ],
)
def test_rows_that_are_wrong(row: str, said: str) -> None:
    assert read(row + "\n")[1] == [said]


def test_kinds_are_counted_and_a_column_misused_for_them_is_named() -> None:
    ties, problems = read("1,2,1,advice\n2,3,1,advice\n1,3,1,\n3,1,1,Refusal\n")
    assert kinds_in(ties) == {"advice": 2, "nomination": 1, "refusal": 1}
    assert problems == []
    pairs = [(a, b) for a in PEOPLE for b in PEOPLE if a != b]
    assert read("".join(f"{a},{b},1,k{n}\n" for n, (a, b) in enumerate(pairs)))[1] == [
        "nominations.csv, column “kind”: There are more than 50 different words in this column.".removeprefix(
            "nominations.csv, "
        )
    ]


@pytest.mark.parametrize(
    ("found", "usual"),
    [
        ([], ()),
        (["advice"], ("advice",)),
        (["advice", "refusal"], ("advice",)),
        (["refusal"], ()),
        (["advice", "friendship"], ()),
        (["advice", "nomination"], ("nomination",)),
    ],
)
def test_usual_kinds(found: list[str], usual: tuple[str, ...]) -> None:
    assert usual_kinds(found) == usual


def test_ranks_come_first() -> None:
    assert wishes("1,2,3,\n1,3,1,\n1,4,2,\n1,5,4,\n3,1,1,\n")["1"] == Wishes(["3", "4", "2"], ["5"])


def test_equal_values_go_by_mutual_naming_and_then_by_id() -> None:
    assert wishes("1,10,1,\n1,9,1,\n1,2,1,\n1,11,1,\n11,1,1,\n")["1"] == Wishes(["11", "2", "9"], ["10"])


def test_an_empty_value_comes_after_a_rank() -> None:
    assert wishes("1,2,,\n1,3,1,\n")["1"] == Wishes(["3", "2"])


def test_the_rest_can_be_left_out() -> None:
    assert wishes("1,2,1,\n1,3,1,\n1,4,1,\n1,5,1,\n", keep_rest=False)["1"] == Wishes(["2", "3", "4"])


def test_refusals_by_kind_and_by_sign() -> None:
    assert wishes("1,2,1,\n1,3,-1,\n1,4,1,refusal\n1,5,-1,other\n")["1"] == Wishes(["2"], [], ["3", "4"])


def test_two_kinds_name_a_person_once() -> None:
    assert wishes("1,2,2,a\n1,3,1,a\n1,2,1,b\n", "a", "b")["1"] == Wishes(["2", "3"])


def test_naming_and_refusing_the_same_person_is_named() -> None:
    ties, _ = read("1,2,1,\n1,2,1,refusal\n")
    assert [str(problem) for problem in contradictions(Table("nominations.csv"), ties, ["nomination"])] == [
        "nominations.csv, line 2, column “to_id”: “1” names “2” here and refuses them on line 3."
    ]
    assert contradictions(Table("nominations.csv"), ties, ["another"]) == []


def test_numbers_before_words() -> None:
    assert sorted(["b", "10", "9", "a"], key=by_id) == ["9", "10", "a", "b"]


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda pair: pair[0] != pair[1]),
        st.sampled_from([-1.0, 1.0, 2.0, 3.0]),
    )
)
def test_everybody_named_stands_in_one_place(values: dict[tuple[str, str], float]) -> None:
    ties = [Tie(2, a, b, value, "nomination") for (a, b), value in values.items()]
    for namer, wish in wishes_of(ties, ["nomination"]).items():
        everybody = [*wish.ranked, *wish.also, *wish.refused]
        assert sorted(everybody) == sorted(b for a, b in values if a == namer)
        assert len(wish.ranked) == min(3, sum(value > 0 for (a, _), value in values.items() if a == namer))
