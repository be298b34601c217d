"""Beside every field in which somebody writes about a person stands who can see it, in the rule's own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import SimpleNamespace

from django.test import Client
from django.urls import reverse

from buddying.models import Person
from tests.test_urlconf import RULES, world
from tests.trust.everything import our_models
from trust import holdings

__all__ = ["world"]

WRITTEN = {"text", "email", "url", "date", "time", "number", "radio", "checkbox", "file", "search"}
NOTES = {"field-who", "privacy-note"}
VOID = {"input", "img", "br", "hr", "meta", "link", "use", "path", "source"}

DOOR = {"email", "code"}  # asked for at a door, of a stranger

# Forms in which nobody writes about a person, and what they are.
NOT_ABOUT_PEOPLE = {
    "account_request_login_code": "a door",
    "account_confirm_login_code": "a door",
    "account_email_verification_sent": "a door",
    "account_login": "a door",
    "account_signup": "a door",
    "buddying:copy_programme": "words of a programme",
    "buddying:edit_cohort": "dates of a cohort",
    "buddying:edit_guide": "words of a programme",
    "buddying:edit_programme": "words of a programme",
    "buddying:keeping": "how long it is kept",
    "buddying:meetings": "dates of a cohort",
    "buddying:new_cohort": "dates of a cohort",
    "buddying:new_programme": "words of a programme",
    "buddying:organisation": "name, contacts and look of the organisation",
    "equipping:practices": "when and where a cohort practises",
    "equipping:words": "words of a programme",
    "matching:board": "rules of the matching",
    "matching:closure": "who is paired with whom: the lead's own decision",
    "matching:editing": "who is paired with whom: the lead's own decision",
    "matching:placement": "a search",
    "outbox:stop": "which mails to stop",
}


@dataclass
class Form:
    controls: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """Forms that are sent by POST, with the names of what is written in them and the notes that stand in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.stack: list[tuple[str, set[str]]] = []
        self.form: Form | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self.form = Form()
            self.found.append(self.form)
        written = tag in ("textarea", "select") or (tag == "input" and given.get("type", "text") in WRITTEN)
        if self.form is not None and written and "readonly" not in given:
            self.form.controls.append(given.get("name") or "")
        if tag not in VOID:
            self.stack.append((tag, set((given.get("class") or "").split())))

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self.stack and self.stack.pop()[0] != tag:
            pass
        if tag == "form":
            self.form = None

    def handle_data(self, data: str) -> None:
        if self.form is not None and any(NOTES & classes for _, classes in self.stack):
            self.form.notes.append(data)


def rules_in_words() -> set[str]:
    models = {model.audience.words for model in our_models() if hasattr(model, "audience")}
    return models | {holding.seen_by for holding in holdings.all_holdings()}


def says_who(form: Form) -> bool:
    text = " ".join(form.notes).lower()
    return any(words.lower() in text for words in rules_in_words())


def forms_of(name: str, world: SimpleNamespace, as_: Callable[..., Client]) -> list[Form]:
    rule, found = RULES[name], []
    for who in ("Ada", "Cleo", "Dora", "Olga"):  # of each role one; Cleo alone observes
        if who in rule.who:
            page = as_(Person.objects.get(name=who)).get(reverse(name, args=rule.args(world)))
            if page.status_code == 200 and "html" in page.headers["Content-Type"]:
                found += Forms(page.content.decode()).found
    return [form for form in found if any(form.controls)]


def test_who_can_see_it_stands_in_every_form(world: SimpleNamespace, as_: Callable[..., Client]) -> None:
    silent = {}
    for name, rule in RULES.items():
        if not (rule.post or rule.machine) and name not in NOT_ABOUT_PEOPLE:
            forms = [form for form in forms_of(name, world, as_) if not set(form.controls) <= DOOR]
            silent[name] = [form.controls for form in forms if not says_who(form)]
    assert {name: controls for name, controls in silent.items() if controls} == {}


def test_a_form_that_says_nothing_is_caught() -> None:
    page = (
        '<form method="post"><label>Note<span class="field-who">{}</span></label><textarea name="a"></textarea></form>'
    )
    assert [says_who(form) for form in Forms(page.format("Only you")).found] == [True]
    assert [says_who(form) for form in Forms(page.format("Whoever")).found] == [False]
    assert [says_who(form) for form in Forms(page.format("")).found] == [False]
