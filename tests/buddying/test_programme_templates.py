"""A programme is written down in the language of whoever sets it up; what it leaves as usual follows the reader."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from buddying import programme_templates
from buddying.models import Cohort, Person, Programme
from buddying.programme_templates import TEMPLATES, Meeting, ProgrammeTemplate
from buddying.session_guide import guide_from, to_keep, usual
from buddying.setting_up import propose_cohort, start_cohort
from tests.in_german import in_german

GERMAN = {
    "A learning group with new pairs each quarter": "Eine Lerngruppe",
    "Whoever joins, joins for both quarters.": "Wer mitmacht, macht beide Quartale mit.",
    "What have you learned lately, and from whom?": "Was hast du zuletzt gelernt?",
    "One small thing is enough.": "Eine Kleinigkeit genügt.",
    "Last meeting of the group": "Letztes Treffen der Gruppe",
    "Orientation": "Orientierung",
}


@pytest.fixture
def german_lead(dora: Person, settings: Any, tmp_path: Path) -> Person:
    in_german(GERMAN, settings, tmp_path)
    Person.objects.filter(pk=dora.pk).update(language="de")
    dora.refresh_from_db()
    return dora


def test_a_programme_has_its_leads_words(as_: Any, german_lead: Person) -> None:
    browser, page = as_(german_lead), reverse("buddying:new_programme") + "?template=learning-group"
    form = browser.get(page).context["form"]
    assert (form["name"].value(), form["community"].value().split("\n")[1]) == (
        "Eine Lerngruppe",
        "Wer mitmacht, macht beide Quartale mit.",
    )
    browser.post(page, {"name": "Lerngruppe", "purpose": "Lernen."})
    programme = Programme.objects.get()
    assert programme.guide["cards"][0] == "Was hast du zuletzt gelernt?"
    assert programme.questions["change"]["help"] == "Eine Kleinigkeit genügt."


def test_so_have_the_meetings_of_its_group(german_lead: Person, programme: Programme, today: Any) -> None:
    programme.template = "learning-group"
    cohort = start_cohort(Cohort(name="Erste", **propose_cohort(programme, today)), programme, by=german_lead)
    assert cohort.meetings.get(day=cohort.meetings.order_by("-day")[0].day).what == "Letztes Treffen der Gruppe"


def test_what_is_usual_follows_the_reader_and_is_never_kept(german_lead: Person) -> None:
    with translation.override("de"):
        assert to_keep(usual()) == {}
        assert guide_from({}).phases[0].name == "Orientierung"
    assert guide_from({}).phases[0].name == "Orientation"


def gathered() -> set[str]:
    """What stands inside ``_(…)``, where ``manage.py words`` finds it."""
    folder = Path(programme_templates.__file__).parent
    calls = [node for path in folder.glob("*.py") for node in ast.walk(ast.parse(path.read_text()))]
    marked = [node for node in calls if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"]
    return {node.args[0].value for node in marked if isinstance(node.args[0], ast.Constant)}


def lines(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from filter(None, value.split("\n"))
    elif isinstance(value, Meeting):
        yield from (*lines(value.what), *lines(value.note))
    elif isinstance(value, dict):
        yield from lines(tuple(value.values()))
    elif isinstance(value, tuple | list):
        yield from (line for one in value for line in lines(one))


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.key)
def test_every_line_of_a_template_is_gathered(template: ProgrammeTemplate) -> None:
    words = {name: value for name, value in vars(template).items() if name not in ("key", "topics")}
    assert [line for line in lines(words) if line not in gathered()] == []
