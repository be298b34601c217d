"""A little markup for plain text: headings, paragraphs, lists, stress. Nothing else becomes HTML.

Raw HTML, links, pictures and code are not rules that are switched off one by one: the parser starts from none and is
given the few that stand below, so whatever else somebody types is shown as they typed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

RULES = ["heading", "list", "emphasis"]
DEEPEST = 3  # the page has its own h1

_parser = MarkdownIt("zero").enable(RULES)


def rendered(text: str, highest: int = 2) -> SafeString:
    """``highest``: the level of heading that stands for the text's first one."""
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type.startswith("heading"):
            token.tag = f"h{min(max(int(token.tag[1]), 2), DEEPEST) + highest - 2}"
    # Nothing that was typed gets through as HTML.
    return mark_safe(_parser.renderer.render(tokens, _parser.options, {}))  # noqa: S308  # nosec


def plain(text: str) -> str:
    """Its words alone, a paragraph a line."""
    return "\n".join(_words(_parser.parse(text)))


def first_paragraph(text: str) -> str:
    tokens = _parser.parse(text)
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open":
            return "".join(_pieces(token))
    return ""


def _words(tokens: list[Token]) -> Iterator[str]:
    return ("".join(_pieces(token)) for token in tokens if token.type == "inline")


def _pieces(token: Token) -> Iterator[str]:
    return (child.content.replace("\n", " ") for child in token.children or [])
