from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buddying.importing.problems import Problem, Unreadable
from buddying.importing.reading import MAX_BYTES, Shape, read_table, text_of

SHAPE = Shape(names={"id": "id", "name": "name", "label": "name", "e_mail": "email"}, required=("id",), max_rows=4)


def rows(text: str) -> list[tuple[int, dict[str, str]]]:
    table = read_table("people.csv", text, SHAPE)
    assert table.problems == []
    return [(row.line, row.cells) for row in table.rows]


def problems(text: str) -> list[str]:
    return [str(problem) for problem in read_table("people.csv", text, SHAPE).problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert text_of("people.csv", "id,name\n1,Zoë\n".encode(encoding)) == "id,name\n1,Zoë\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    text = end.join([f"id{delimiter}name", f"1{delimiter}Ada", f"2{delimiter}Ben"])
    assert rows(text) == [(2, {"id": "1", "name": "Ada"}), (3, {"id": "2", "name": "Ben"})]


def test_a_delimiter_inside_quotes_does_not_count() -> None:
    assert rows('"id";"name"\n1;"Ada, Countess"\n') == [(2, {"id": "1", "name": "Ada, Countess"})]


def test_a_spreadsheets_first_line_may_say_the_delimiter() -> None:
    assert rows("sep=;\nid;name\n1;Ada\n") == [(3, {"id": "1", "name": "Ada"})]


def test_one_column() -> None:
    assert rows("id\n1\n2\n") == [(2, {"id": "1"}), (3, {"id": "2"})]


def test_empty_lines_are_skipped_and_lines_keep_their_number() -> None:
    assert rows("id,name\n\n1,Ada\n,\n\n2,Ben") == [(3, {"id": "1", "name": "Ada"}), (6, {"id": "2", "name": "Ben"})]


def test_a_cell_with_line_breaks_counts_its_lines() -> None:
    found = rows('id,name\n1,"Ada\nLovelace"\n2,Ben\n')
    assert found == [(2, {"id": "1", "name": "Ada Lovelace"}), (4, {"id": "2", "name": "Ben"})]


def test_headings_may_be_written_in_many_ways() -> None:
    table = read_table("people.csv", " ID , E-Mail,Shoe size\n1,a@b.org,40\n", SHAPE)
    assert (table.headings, table.unused) == ({"id": "ID", "email": "E-Mail"}, ("Shoe size",))
    assert table.rows[0]["email"] == "a@b.org"
    assert table.rows[0]["name"] == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["people.csv: The file is empty."]),
        ("id,name\n", ["people.csv: There is a heading, but no rows below it."]),
        (
            "name\nAda\n",
            ["people.csv, line 1, column “id”: The first line must name this column. It says: name."],
        ),
        (
            "id,name,label\n1,a,b\n",
            ["people.csv, line 1, column “name”: 2 columns mean the same: “name”, “label”. Keep one."],
        ),
        ("id,name\n1,Ada,x\n2\n", [
            "people.csv, line 2: This line has 3 cells where the heading has 2.",
            "people.csv, line 3: This line has 1 cell where the heading has 2.",
        ]),
        ('id,name\n1,Ada\n2,"Ben\n3,Cleo\n', [
            "people.csv, line 3: This line cannot be read: a quotation mark is not closed, or stands inside a cell."
        ]),
        ('id,name\n1,"Ada" L\n', [
            "people.csv, line 2: This line cannot be read: a quotation mark is not closed, or stands inside a cell."
        ]),
        ("id\n1\n2\n3\n4\n5\n6\n", ["people.csv, line 6: The file has more than 4 rows."]),
    ],
)  # fmt: skip
def test_broken_tables(text: str, said: list[str]) -> None:
    assert problems(text) == said


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 0, "The file is empty."),
        (b"\xef\xbb\xbf \r\n", 0, "The file is empty."),
        (b"PK\x03\x04....", 0, "This is a spreadsheet. Save it as CSV and choose that file."),
        (b"\xd0\xcf\x11\xe0....", 0, "This is a spreadsheet. Save it as CSV and choose that file."),
        ("id\n1".encode("utf-16"), 0, "The file is in UTF-16. Save it as “CSV UTF-8” and choose that file."),
        (b"id\n1\0", 0, "This is not a text file. A CSV file is needed."),
        (b"id\n1\n\x81\n", 3, "A character cannot be read. Save the file as “CSV UTF-8”."),
        (b"i" * (MAX_BYTES + 1), 0, "The file is larger than 5 MB."),
    ],
)
def test_unreadable_files(data: bytes, line: int, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        text_of("people.csv", data)
    assert caught.value.problem == Problem("people.csv", line, "", words)


def test_a_cell_too_long_for_the_reader_is_a_problem_and_no_error() -> None:
    assert len(problems("id\n" + "x" * 200_000 + "\n")) == 1


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_table("people.csv", text, SHAPE)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with suppress(Unreadable):
        read_table("people.csv", text_of("people.csv", data), SHAPE)
