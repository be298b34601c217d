"""The lead's page of what a cohort is mailed: every kind, made-up people, numbers only of five and more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.template.loader import get_template
from django.utils import timezone

from buddying.models import Cohort, Person
from insights import mail
from outbox.groups import ACCESS, GROUPS
from outbox.kinds import Kind, all_kinds
from outbox.models import Message

KINDS = {kind.name: kind for kind in all_kinds()}


def was_sent(person: Person, cohort_id: int) -> None:
    now = timezone.now()
    Message.objects.create(
        kind="look_back", key=str(uuid4()), recipient=person, cohort_id=cohort_id, sent_at=now, dated_at=now
    )


def url(cohort: Cohort, name: str = "") -> str:
    return f"/cohorts/{cohort.pk}/mail/" + (f"{name}/" if name else "")


def test_every_kind_says_what_brings_it_about_and_can_be_looked_at() -> None:
    assert [kind.name for kind in KINDS.values() if not (kind.when and kind.preview)] == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_has_words_and_a_page_in_the_cohorts_words_with_nobody_real(
    kind: Kind, cohort: Cohort, ada: Person, ben: Person, django_assert_num_queries: Any
) -> None:
    letter = mail.preview(kind, cohort)
    assert letter.html is not None
    for text in (letter.subject, letter.text, letter.html):
        assert text.strip()
        assert "None" not in text
        assert not {ada.email, ben.email, "{{", "{%"} & set(text.split())
    footed = kind.group != ACCESS  # those go to addresses, of which nothing is known yet
    assert letter.text.count("You get this because") == letter.html.count("You get this because") == footed
    if letter.url:
        assert letter.url in letter.text
        assert letter.url in letter.html


def test_leads_see_each_kind_in_its_group(cohort: Cohort, dora: Person, as_: Callable[..., Any]) -> None:
    page = as_(dora).get(url(cohort)).content.decode()
    used = {kind.about.label for kind in KINDS.values()}
    assert {group.label for group in GROUPS.values() if f">{group.label}</h2>" in page} == used
    assert [kind.label for kind in KINDS.values() if f">{kind.label}</a>" not in page] == []


@pytest.mark.parametrize(("people", "shown"), [(0, None), (1, None), (4, None), (5, 5)])
def test_a_number_stands_for_five_people_at_least(
    cohort: Cohort, make_person: Callable[..., Person], people: int, shown: int | None
) -> None:
    for n in range(people):
        person = make_person(f"P{n}")
        was_sent(person, cohort.pk)
        was_sent(person, 0)
    rows = [row for section in mail.sections(cohort) for row in section.rows if row.kind.name == "look_back"]
    assert [row.sent for row in rows] == [shown]


def test_many_mails_to_few_people_are_few(cohort: Cohort, ada: Person) -> None:
    for _ in range(9):
        was_sent(ada, cohort.pk)
    assert mail._sent(cohort) == {"look_back": None}


def test_the_list_takes_as_many_queries_however_much_was_sent(
    cohort: Cohort, ada: Person, django_assert_num_queries: Any
) -> None:
    for size in (1, 3):
        for _ in range(size):
            was_sent(ada, cohort.pk)
        with django_assert_num_queries(1):
            mail.sections(cohort)


def test_the_frame_shows_a_mail_and_lets_it_do_nothing(cohort: Cohort, dora: Person, as_: Callable[..., Any]) -> None:
    lead = as_(dora)
    page = lead.get(url(cohort, "session_booked"))
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert f'<iframe class="preview-frame" src="{url(cohort, "session_booked")}page/" sandbox ' in page.content.decode()
    framed = lead.get(f"{url(cohort, 'session_booked')}page/")
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = {part.strip() for part in framed.headers["Content-Security-Policy"].split(";")}
    assert policy == {"default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'self'", "sandbox"}


@pytest.mark.parametrize("name", ["", "nothing", "session-booked"])
def test_what_is_no_kind_is_nowhere(cohort: Cohort, dora: Person, as_: Callable[..., Any], name: str) -> None:
    assert as_(dora).get(f"/cohorts/{cohort.pk}/mail/{name or 'x'}/").status_code == 404


def test_every_mail_folder_is_of_some_kind() -> None:
    for name in KINDS:
        if name not in ("account",):
            for part in ("subject.txt", "body.txt", "body.html"):
                assert get_template(f"mail/{name}/{part}")
