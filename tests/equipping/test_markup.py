from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipping.markup import first_paragraph, plain, rendered

TAGS = {"h2", "h3", "p", "ul", "ol", "li", "em", "strong", "br"}
TAG = re.compile(r"<[^>]*>?")
NASTY = st.sampled_from(
    ["<", ">", '"', "'", "&", "script", "onclick=", "](", "[a", "![", "javascript:", "`", "```", "# ", "- ", "1. ",
     "*", "\n", "\n\n", " ", "    ", "a", "<!--", "http://x.org", "|", "---", "\\", "&lt;", "\t", "> "]
)  # fmt: skip


@given(st.lists(NASTY, max_size=40).map("".join) | st.text(max_size=200))
def test_whatever_is_typed_no_other_tag_and_no_attribute_comes_out(text: str) -> None:
    for tag in TAG.findall(str(rendered(text))):
        assert re.fullmatch(r"</?([a-z0-9]+)>|<ol start=\"\d+\">", tag), tag
        assert re.sub(r"\W|start|\d+\"", "", tag.strip("</>").split()[0]) in TAGS, tag


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<b onclick=x>bold</b>",
        "[here](javascript:alert(1))",
        "![x](https://x.org/x.png)",
        "<https://x.org>",
        "`code`",
        "> quoted",
    ],
)
def test_anything_else_is_shown_as_it_was_typed(typed: str) -> None:
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert rendered(typed) == f"<p>{escaped}</p>\n"


def test_what_there_is() -> None:
    text = "# One\n\nWith *stress* and **more**.\n\n## Two\n\n- a\n- b\n\n1. c\n\n#### Deep"
    assert rendered(text) == (
        "<h2>One</h2>\n<p>With <em>stress</em> and <strong>more</strong>.</p>\n<h2>Two</h2>\n"
        "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol>\n<li>c</li>\n</ol>\n<h3>Deep</h3>\n"
    )


def test_words_alone() -> None:
    text = "## Head\n\nFirst *line*\nand second.\n\n- item"
    assert plain(text) == "Head\nFirst line and second.\nitem"
    assert first_paragraph(text) == "First line and second."
    assert first_paragraph("") == ""
