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


ALL_WORDS = {name: f"{name} of it" for name in ("purpose", "community", "ways", "roles", "rules", "outcomes")}


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.key)
def test_every_template_has_all_its_words(template: ProgrammeTemplate) -> None:
    words = [getattr(template, name) for name in ALL_WORDS]
    assert all(words)
    assert "!" not in "".join([template.label, template.summary, *words, str(template.guide), str(template.questions)])
    assert template.key == next(key for key, one in TEMPLATES.items() if one is template)


@given(st.sampled_from(list(TEMPLATES.values())), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_meetings_of_the_group_lie_within_the_cohort(template: ProgrammeTemplate, start: date) -> None:
    end = template.dates(start, start)["ends_on"]
    days = [meeting.day(start, end) for meeting in template.meetings]
    assert days == sorted(days)
    assert all(start <= day <= end for day in days)


def test_a_template_brings_its_guide_its_questions_and_its_meetings(as_: As, dora: Person) -> None:
    browser = as_(dora)
    browser.post(reverse("buddying:new_programme") + "?template=year-of-conversations", {"name": "Year"} | ALL_WORDS)
    programme = Programme.objects.get()
    assert {name: getattr(programme, name) for name in ALL_WORDS} == ALL_WORDS
    assert programme.guide["phases"][0]["name"] == "Arriving"
    assert programme.questions["change"]["words"] == "What would you like from the second half of the year?"
    page = browser.get(reverse("buddying:new_cohort", args=[programme.pk]), {"start": "2027-02-01"})
    data = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    browser.post(reverse("buddying:new_cohort", args=[programme.pk]), data | {"name": "2027"})
    cohort = Cohort.objects.get()
    assert [(meeting.day, meeting.what) for meeting in cohort.meetings.all()] == [
        (date(2027, 2, 1), "Opening meeting"),
        (date(2028, 1, 28), "Closing meeting"),
    ]
    assert (cohort.session_minutes, cohort.ends_on, cohort.new_pairs_weeks) == (120, date(2028, 1, 31), None)


def test_a_programme_is_copied_with_every_word(
    as_: As, programme: Programme, cohort: Cohort, dora: Person, ada: Person, eve: Person
) -> None:
    programme.guide = {"preparation": "Bring a recording."}
    programme.questions = {"change": {"words": "What next?", "help": ""}}
    programme.add_lead(eve, added_by=dora)
    programme.save()
    url = reverse("buddying:copy_programme", args=[programme.pk])
    assert 'value="Copy of Buddies"' in as_(dora).get(url).content.decode()
    assert [as_(who).post(url, {"name": "X"} | ALL_WORDS).status_code for who in (ada, eve)] == [404, 404]
    as_(dora).post(url, {"name": "Again"} | ALL_WORDS)
    copy = Programme.objects.get(name="Again")
    assert {name: getattr(copy, name) for name in ALL_WORDS} == ALL_WORDS
    assert (copy.template, copy.guide, copy.questions) == (programme.template, programme.guide, programme.questions)
    assert ([lead.person for lead in copy.leads.all()], copy.cohorts.count(), copy.created_by) == ([dora], 0, dora)


def guide_data(**changes: str) -> dict[str, str]:
    phases = {f"{part}_{n}": f"{part} {n}" for n in (1, 2, 3) for part in ("name", "aim")}
    lines = {f"lines_{n}": "First?\r\n\r\n Second? " for n in (1, 2, 3)}
    asked = {f"words_{slug}": f"{slug}?" for slug in ("works", "does-not-work", "change")}
    shares = {"share_1": "1", "share_2": "2", "share_3": "1"}
    return {"preparation": "Bring it.\r\nBoth.", "cards": "A?\nB?"} | phases | lines | asked | shares | changes


def test_a_lead_rewords_sessions_and_questions(
    as_: As, programme: Programme, dora: Person, ada: Person, cohort: Cohort, take_part: Callable[..., Participant]
) -> None:
    take_part(ada, cohort)
    url = reverse("buddying:edit_guide", args=[programme.pk])
    assert as_(ada).post(url, guide_data()).status_code == 404
    assert as_(dora).get(url).context["form"].initial["name_1"] == "Orientation"
    assert as_(dora).post(url, guide_data()).status_code == 302
    programme.refresh_from_db()
    assert programme.guide["preparation"] == "Bring it.\nBoth."
    assert programme.guide["phases"][1] == {
        "name": "name 2", "aim": "aim 2", "questions": ["First?", "Second?"], "share": 2
    }  # fmt: skip
    assert programme.guide["cards"] == ["A?", "B?"]
    assert programme.questions["works"] == {"words": "works?", "help": ""}
    text = as_(ada).get(reverse("buddying:about_cohort", args=[cohort.pk])).content.decode()
    assert [words in text for words in ("Bring it.", "name 2, about 14 minutes", "name 1, about 8 minutes")] == [
        True
    ] * 3


@pytest.mark.parametrize(
    "wrong", [{"share_1": "0"}, {"name_2": ""}, {"cards": "x\n" * 21}, {"lines_3": "x" * 301}, {"words_change": " "}]
)
def test_a_guide_that_cannot_be_is_refused_and_kept(
    as_: As, programme: Programme, dora: Person, wrong: dict[str, str]
) -> None:
    answer = as_(dora).post(reverse("buddying:edit_guide", args=[programme.pk]), guide_data(**wrong))
    assert (answer.status_code, "name 3" in answer.content.decode()) == (422, True)
    programme.refresh_from_db()
    assert (programme.guide, programme.questions) == ({}, {})


def test_meetings_are_changed_by_leads_and_stand_on_the_cohorts_page(
    as_: As, cohort: Cohort, dora: Person, ada: Person, take_part: Callable[..., Participant]
) -> None:
    take_part(ada, cohort)
    kept = cohort.meetings.create(day=cohort.starts_on, what="Opening", note="Hall")
    url = reverse("buddying:meetings", args=[cohort.pk])
    rows = {"meetings-TOTAL_FORMS": "2", "meetings-INITIAL_FORMS": "1", "meetings-0-id": str(kept.pk)}
    rows |= {"meetings-0-day": f"{cohort.starts_on}", "meetings-0-what": "Opening", "meetings-0-DELETE": "on"}
    rows |= {"meetings-1-day": f"{cohort.ends_on}", "meetings-1-what": "Closing", "meetings-1-note": "Garden"}
    assert as_(ada).post(url, rows).status_code == 404
    bad = as_(dora).post(url, rows | {"meetings-1-day": ""})
    assert (bad.status_code, "Garden" in bad.content.decode()) == (422, True)
    assert as_(dora).post(url, rows).status_code == 302
    assert [(meeting.what, meeting.day) for meeting in cohort.meetings.all()] == [("Closing", cohort.ends_on)]
    text = as_(ada).get(reverse("buddying:about_cohort", args=[cohort.pk])).content.decode()
    assert ("Garden" in text, "Hall" in text) == (True, False)


@pytest.mark.parametrize(
    ("weeks", "days_since_start", "expected", "due"),
    [(None, 0, None, False), (4, 0, 28, False), (4, 28, 28, True), (4, 42, 28, True), (4, 43, 56, False),
     (13, 100, None, False)],
)  # fmt: skip
def test_when_new_pairs_are_due(
    make_cohort: Callable[..., Cohort], weeks: int | None, days_since_start: int, expected: int | None, due: bool
) -> None:
    """A cohort of 13 weeks: at its end nobody is paired anew."""
    cohort = make_cohort(days_since_start=days_since_start, new_pairs_weeks=weeks)
    day = cohort.new_pairs_on()
    assert (day and (day - cohort.starts_on).days, cohort.new_pairs_are_due()) == (expected, due)


def test_the_lead_is_reminded_of_new_pairs(
    as_: As, make_cohort: Callable[..., Cohort], dora: Person, cohort: Cohort
) -> None:
    changing = make_cohort("Autumn", days_since_start=28, new_pairs_weeks=4)
    pages = [as_(dora).get(reverse("insights:cohort", args=[one.pk])).content.decode() for one in (changing, cohort)]
    assert ["New pairs are due:" in page for page in pages] == [True, False]


def test_a_visitor_reads_all_about_the_programme_before_joining(as_: As, nominating_cohort: Cohort) -> None:
    Programme.objects.update(roles="You keep your dates.", community="Everybody.")
    nominating_cohort.meetings.create(day=nominating_cohort.starts_on, what="Opening in the hall")
    text = as_(None).get(reverse("buddying:join_cohort", args=[nominating_cohort.join_token])).content.decode()
    for words in ("You keep your dates.", "Everybody.", "Opening in the hall", "Orientation, about 5 minutes"):
        assert words in text
    assert "Dora" not in text
