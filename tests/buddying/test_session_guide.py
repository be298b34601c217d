from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buddying.programme_templates import TEMPLATES, ProgrammeTemplate
from buddying.session_guide import Guide, Phase, Question, guide_from, in_own_words, to_keep, usual

GUIDES = [guide_from(template.guide) for template in TEMPLATES.values()]


@given(st.sampled_from(GUIDES), st.integers(5, 120))
def test_the_phases_fill_the_turn(guide: Guide, minutes: int) -> None:
    lengths = [phase.minutes for phase in guide.of_minutes(minutes)]
    assert sum(lengths) == minutes
    assert min(lengths) >= 1


def test_half_an_hour() -> None:
    assert [(phase.name, phase.minutes) for phase in usual().of_minutes(30)] == [
        ("Orientation", 5),
        ("Shared scrutiny", 15),
        ("Moving forward", 10),
    ]


TEXT = st.text(max_size=10)
PHASES = st.builds(Phase, TEXT, TEXT, st.lists(TEXT).map(tuple), st.integers(1, 12))


@given(st.builds(Guide, TEXT, st.lists(PHASES, min_size=1).map(tuple), st.lists(TEXT).map(tuple)))
def test_what_is_kept_of_a_guide_makes_it_again(guide: Guide) -> None:
    assert guide_from(to_keep(guide)) == guide


def test_the_usual_words_are_not_kept() -> None:
    assert to_keep(usual()) == {}
    assert guide_from({}) == usual()


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.key)
def test_a_template_keeps_only_what_differs(template: ProgrammeTemplate) -> None:
    assert to_keep(guide_from(template.guide)) == template.guide


def test_questions_in_own_words() -> None:
    usual = [Question("works", "What works?", "At all."), Question("change", "What to change?", "One thing.")]
    own = {"change": {"words": "What next?"}, "gone": {"words": "Nobody asks this any more"}}
    assert in_own_words(usual, own) == [usual[0], Question("change", "What next?", "One thing.")]
