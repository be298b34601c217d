from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflection.sentences import sentences, token


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We laugh. The walks!  Why not?", ["We laugh.", "The walks!", "Why not?"]),
        ("One line\r\n\r\nanother line", ["One line", "another line"]),
        ("She said “stop.” Then we did.", ["She said “stop.”", "Then we did."]),
        ("At 9.30 we meet… always.", ["At 9.30 we meet…", "always."]),
        ("我们散步。很好！", ["我们散步。", "很好！"]),
        ("Again. Again.", ["Again."]),
        (" \n ", []),
    ],
)
def test_an_answer_in_its_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text("ab. !?\n”", max_size=60))
def test_no_word_is_lost(text: str) -> None:
    assert set(" ".join(sentences(text)).split()) == set(text.split())


@given(st.text("ab. !?\n”", max_size=60))
def test_what_was_shared_a_sentence_a_line_reads_as_the_same_sentences(text: str) -> None:
    found = sentences(text)
    assert sentences("\n".join(found)) == found


def test_another_wording_has_another_token() -> None:
    assert len({token("works", "We laugh."), token("works", "We laugh"), token("change", "We laugh.")}) == 3
