"""Reasons are kept as codes; what they say is looked up for each reader."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from matching import run_words, saying
from matching.engine.saying import Saying
from matching.models import MatchRun, Pairing

LEADS: dict[str, dict[str, Any]] = {
    "whole-cohort": {},
    "pinned": {},
    "stands-in": {"who": "Dora"},
    "named": {"first": "Ada", "second": "Ben", "rank": 2},
    "named-each-other": {"first": "Ada", "second": "Ben", "rank": 1, "back": 3},
    "common-time": {"halves": 8},
    "different-departments": {},
    "same-place": {"place": "Leeds"},
    "different-levels": {},
    "same-level": {},
    "wants-and-offers": {"who": "Ada", "whom": "Ben", "topics": ["x"]},
    "different-goals": {},
    "similar-commitment": {},
}
MEMBERS = {code: about for code, about in LEADS.items() if code not in ("stands-in", "named", "named-each-other")}
MEMBERS |= {"wants-and-offers": {"people": 2, "directions": 1, "topics": ["x"]}}


def marked() -> Saying:
    """A language in which each sentence begins with a mark."""
    return Saying(lambda words: f"~{words}", lambda one, many, number: f"~{one if number == 1 else many}")


@pytest.mark.parametrize("code", LEADS)
def test_each_reason_reaches_the_lead_through_the_catalogue(code: str) -> None:
    words = marked().to_leads(code, LEADS[code])
    assert words.startswith("~")
    assert words.replace("~", "") == Saying().to_leads(code, LEADS[code])


@pytest.mark.parametrize("code", MEMBERS)
def test_each_reason_reaches_members_through_the_catalogue(code: str) -> None:
    words = marked().to_members(code, MEMBERS[code])
    assert words.startswith("~")
    assert words.replace("~", "") == Saying().to_members(code, MEMBERS[code])


def test_each_reason_says_something_of_its_own() -> None:
    assert len({Saying().to_leads(code, about) for code, about in LEADS.items()}) == len(LEADS)
    assert len({Saying().to_members(code, told) for code, told in MEMBERS.items()}) == len(MEMBERS)


def test_a_pairing_says_why_when_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pairing = Pairing(reasons=["You named each other.", {"code": "same-level", "about": {}}])
    why = pairing.why
    assert why == ["You named each other.", "You work at the same level."]
    monkeypatch.setattr(saying, "gettext", lambda words: f"~{words}")
    assert why == ["You named each other.", "~You work at the same level."]


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    assert [saying.decimal(number) for number in (2.0, 1.5, 12.25)] == ["2", "1.5", "12.25"]
    with translation.override("de"):
        assert [saying.decimal(number) for number in (2.0, 1.5)] == ["2", "1,5"]


def test_a_run_says_what_it_does_and_why_it_came_to_nothing() -> None:
    assert [MatchRun(step=step).doing for step in ("", "placing", "written as words before")] == [
        "Waiting for its turn",
        "Finding a place for everyone",
        "written as words before",
    ]
    failed = MatchRun(pk=7, failure=f"{run_words.WENT_WRONG} ValueError at solve.py:3")
    assert failed.why_failed.endswith("and name run 7: ValueError at solve.py:3.")
    assert MatchRun(pk=7, failure="Words from before.").why_failed == "Words from before."
