from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from buddying.models import Cohort, Participant, Person, Programme, ProgrammeLead
from buddying.models.programmes import LastLead
from buddying.programme_templates import TEMPLATES, ProgrammeTemplate

As = Callable[[Person | None], Client]

WORDS = {"name": "Spring buddies", "purpose": "To learn.", "ways": "", "rules": "", "outcomes": ""}
ORDER = ["sign_up_opens_on", "nominations_close_on", "pairs_published_on", "starts_on"]


@given(
    st.sampled_from(list(TEMPLATES.values())),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(-400, 400),
)
def test_proposed_dates_follow_each_other(template: ProgrammeTemplate, today: date, days: int) -> None:
    start = today + timedelta(days=days)
    dates = template.dates(start, today)
    assert [dates[name] for name in ORDER] == sorted(dates[name] for name in ORDER)
    assert dates["starts_on"] == start < dates["ends_on"]
    assert all(day >= min(today, start) for day in dates.values())


@given(st.sampled_from(list(TEMPLATES.values())), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_next_start_is_a_monday_with_time_to_sign_up(template: ProgrammeTemplate, today: date) -> None:
    start = template.next_start(today)
    assert start.weekday() == 0
    assert 0 <= (start - today).days - template.sign_up_days < 7
    assert template.dates(start, today)["sign_up_opens_on"] >= today


def test_a_lead_makes_a_programme_from_a_template_and_leads_it(as_: As, dora: Person) -> None:
    browser = as_(dora)
    page = browser.get(reverse("buddying:new_programme")).content.decode()
    assert "You meet every two weeks for an hour." in page
    response = browser.post(reverse("buddying:new_programme"), WORDS)
    programme = Programme.objects.get()
    assert response["Location"] == reverse("buddying:programme", args=[programme.pk])
    assert (programme.template, programme.created_by) == ("three-month-buddying", dora)
    assert [lead.person for lead in programme.leads.all()] == [dora]


def test_another_template_brings_its_own_words(as_: As, dora: Person) -> None:
    as_(dora).post(reverse("buddying:new_programme") + "?template=short-start", WORDS)
    assert Programme.objects.get().template == "short-start"


def test_who_has_no_role_makes_none(as_: As, programme: Programme, ada: Person, eve: Person) -> None:
    for person in (ada, eve):
        assert as_(person).get(reverse("buddying:new_programme")).status_code == 404
        assert as_(person).post(reverse("buddying:new_programme"), WORDS).status_code == 404
    assert Programme.objects.count() == 1


def cohort_data(**changes: str) -> dict[str, str]:
    return {
        "name": "Spring",
        "sign_up_opens_on": "2027-01-04",
        "nominations_close_on": "2027-01-25",
        "pairs_published_on": "2027-01-29",
        "starts_on": "2027-02-01",
        "ends_on": "2027-05-03",
        "session_minutes": "60",
        "target_sessions": "6",
        "reflection_point": "3",
        "time_zone": "Europe/Berlin",
    } | changes


def test_the_start_proposes_the_other_dates(as_: As, programme: Programme, dora: Person, today: date) -> None:
    start = today + timedelta(days=60)
    page = as_(dora).get(reverse("buddying:new_cohort", args=[programme.pk]), {"start": start.isoformat()})
    initial = page.context["form"].initial
    assert initial["starts_on"] == start
    assert initial["nominations_close_on"] == start - timedelta(days=10)
    assert initial["ends_on"] == start + timedelta(weeks=13)
    assert initial["reflection_point"] == 3
    assert f'value="{(start - timedelta(days=5)).isoformat()}"' in page.content.decode()


def test_a_start_that_is_no_date_is_refused(as_: As, programme: Programme, dora: Person) -> None:
    response = as_(dora).get(reverse("buddying:new_cohort", args=[programme.pk]), {"start": "soon"})
    assert (response.status_code, "Enter a valid date" in response.content.decode()) == (422, True)


def test_a_cohort_is_made_with_its_dates(as_: As, programme: Programme, dora: Person) -> None:
    response = as_(dora).post(reverse("buddying:new_cohort", args=[programme.pk]), cohort_data())
    cohort = Cohort.objects.get()
    assert response["Location"] == reverse("buddying:invitations", args=[cohort.pk])
    assert (cohort.programme, cohort.created_by, cohort.time_zone) == (programme, dora, "Europe/Berlin")
    assert (cohort.starts_on, cohort.ends_on) == (date(2027, 2, 1), date(2027, 5, 3))


def test_dates_that_do_not_follow_each_other_are_refused_and_kept(as_: As, programme: Programme, dora: Person) -> None:
    wrong = cohort_data(pairs_published_on="2027-02-20")
    response = as_(dora).post(reverse("buddying:new_cohort", args=[programme.pk]), wrong)
    assert response.status_code == 422
    assert "The dates must follow each other" in response.content.decode()
    assert 'value="2027-02-20"' in response.content.decode()
    assert not Cohort.objects.exists()


def test_a_cohort_is_edited_by_its_leads_and_administrators(
    as_: As, cohort: Cohort, dora: Person, olga: Person, ada: Person, eve: Person, take_part: Callable[..., Participant]
) -> None:
    take_part(ada, cohort)
    page = reverse("buddying:edit_cohort", args=[cohort.pk])
    for person, status in ((dora, 302), (olga, 302), (ada, 404), (eve, 404)):
        assert as_(person).post(page, cohort_data(name=f"By {person}")).status_code == status
    cohort.refresh_from_db()
    assert cohort.name == "By Olga"


def test_leads_come_and_go_but_one_stays(as_: As, programme: Programme, dora: Person, eve: Person) -> None:
    browser = as_(dora)
    add = reverse("buddying:add_lead", args=[programme.pk])
    assert browser.post(add, {"email": "Nobody@example.org"}).status_code == 422
    browser.post(add, {"email": "EVE@example.org"})
    browser.post(add, {"email": "eve@example.org"})
    assert {lead.person for lead in programme.leads.all()} == {dora, eve}
    remove = reverse("buddying:remove_lead", args=[programme.pk, dora.pk])
    assert browser.get(remove).status_code == 200
    assert browser.post(remove)["Location"] == reverse("buddying:programmes")
    last = reverse("buddying:remove_lead", args=[programme.pk, eve.pk])
    assert "A programme always has a lead" in as_(eve).post(last, follow=True).content.decode()
    assert [lead.person for lead in programme.leads.all()] == [eve]


def test_the_last_lead_cannot_be_removed(programme: Programme, dora: Person, eve: Person) -> None:
    with pytest.raises(LastLead):
        programme.remove_lead(dora)
    programme.remove_lead(eve)
    assert ProgrammeLead.objects.get().person == dora


def test_programmes_are_run_by_leads_and_administrators(
    as_: As, cohort: Cohort, dora: Person, olga: Person, ada: Person, eve: Person, take_part: Callable[..., Participant]
) -> None:
    take_part(ada, cohort)
    Programme.objects.create(name="Another", template="three-month-buddying", purpose="Elsewhere.")
    shown = {
        person.name: [each.name for each in as_(person).get(reverse("buddying:programmes")).context["page"]]
        for person in (dora, olga, ada, eve)
    }
    assert shown == {"Dora": ["Buddies"], "Olga": ["Another", "Buddies"], "Ada": [], "Eve": []}
    pages = ("buddying:programme", "buddying:edit_programme", "buddying:new_cohort")
    for name in pages:
        url = reverse(name, args=[cohort.programme_id])
        statuses = [as_(person).get(url).status_code for person in (dora, olga, ada, eve)]
        assert statuses == [200, 200, 404, 404]
        assert as_(ada).post(url, WORDS).status_code == (405 if name == "buddying:programme" else 404)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_as_often_for_many_as_for_one(
    as_: As, dora: Person, many: int, make_person: Any, django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(many):
        programme = Programme.objects.create(name=f"P{number}", template="short-start", purpose="x")
        programme.add_lead(dora, added_by=dora)
    browser = as_(dora)
    with django_assert_num_queries(9):
        browser.get(reverse("buddying:programmes"))


def test_about_a_cohort(
    as_: As, cohort: Cohort, ada: Person, dora: Person, olga: Person, eve: Person, take_part: Callable[..., Participant]
) -> None:
    take_part(ada, cohort)
    page = reverse("buddying:about_cohort", args=[cohort.pk])
    assert [as_(person).get(page).status_code for person in (ada, dora, olga, eve)] == [200, 200, 200, 404]
    text = as_(ada).get(page).content.decode()
    assert "Learn together." in text
    assert "dora@example.org" in text


def test_the_entry_stands_where_there_is_something_to_set_up(
    as_: As, programme: Programme, dora: Person, eve: Person
) -> None:
    link = f'href="{reverse("buddying:programmes")}"'
    assert link in as_(dora).get(reverse("buddying:me")).content.decode()
    assert link not in as_(eve).get(reverse("buddying:me")).content.decode()
