"""What each of the cast gets, and what a lead may and may not read."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from buddying.models import Nomination, Participant, Programme, ProgrammeLead, Refusal
from matching import engine
from matching.execution import execute
from matching.models import MatchRun, Pairing
from matching.publishing import publish
from matching.running import request_run
from outbox.models import Message
from trust.models import AccessRecord

PATHS = ["", "progress/", "publication/", "removal/"]


def text(response: Any) -> str:
    """The main part of the page as it is read."""
    body = response.content.decode()
    main = re.search(r"<main.*</main>", body, re.S)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main.group() if main else body).split()))


def names_on(page: str) -> set[str]:
    return {name for name in ("Ada", "Ben", "Cleo", "Fay", "Eve", "Max") if re.search(rf"\b{name}\b", page)}


@pytest.fixture
def second_lead(make_person: Any, programme: Any) -> Any:
    person = make_person("Gus")
    programme.add_lead(person, added_by=person)
    return person


@pytest.mark.parametrize("who", ["ada", "ben", "cleo", "eve", "max_", "olga", None])
def test_only_leads_see_matching(draft: MatchRun, cohort: Any, who: str | None, as_: Any, request: Any) -> None:
    browser = as_(request.getfixturevalue(who) if who else None)
    expected = 404 if who else 302
    assert browser.get(f"/cohorts/{cohort.pk}/matching/").status_code == expected
    assert browser.post(f"/cohorts/{cohort.pk}/matching/", {"odd": "trio"}).status_code == expected
    for path in PATHS:
        assert browser.get(f"/runs/{draft.pk}/{path}").status_code == expected
    for path in ["cancellation/", "publication/", "removal/"]:
        assert browser.post(f"/runs/{draft.pk}/{path}", {"confirmed": "yes"}).status_code == expected
    assert list(MatchRun.objects.values_list("pk", "published_at", "cancelled_at")) == [(draft.pk, None, None)]


def test_a_lead_of_another_programme_sees_nothing(draft: MatchRun, cohort: Any, eve: Any, as_: Any) -> None:
    Programme.objects.create(name="Other", template="x", purpose="y").add_lead(eve, added_by=eve)
    assert as_(eve).get(f"/runs/{draft.pk}/").status_code == 404
    assert as_(eve).get(f"/cohorts/{cohort.pk}/matching/").status_code == 404


def test_somebody_who_no_longer_leads_sees_nothing(draft: MatchRun, dora: Any, as_: Any) -> None:
    ProgrammeLead.objects.all().delete()
    assert as_(dora).get(f"/runs/{draft.pk}/").status_code == 404


def test_the_whole_way(four: Any, cohort: Any, dora: Any, as_: Any) -> None:
    lead = as_(dora)
    board = f"/cohorts/{cohort.pk}/matching/"
    assert "4 people can be matched now" in text(lead.get(board))
    started = lead.post(board, {"odd": "wait", "whole_line": "on", "min_common_hours": "3"})
    run = MatchRun.objects.get()
    assert started.url == f"/runs/{run.pk}/"
    assert run.policy["odd"] == "wait"
    assert (run.policy["rules"]["whole_line"], run.policy["rules"]["min_common_hours"]) == (True, 3)
    assert "Cancel this run" in text(lead.get(started.url))
    assert lead.post(board, {"odd": "trio"}).url == f"/runs/{run.pk}/"

    execute(run.pk)
    page = text(lead.get(started.url))
    assert "Ada and Ben named each other first." in page
    assert "Cleo named Fay second." in page
    assert "Odd number: one person waits · Nobody with anybody above them" in page

    asked = lead.post(f"/runs/{run.pk}/publication/")
    assert "4 people will be told by mail now who their buddy is. This cannot be taken back." in text(asked)
    assert Pairing.objects.count() == 0
    assert lead.post(f"/runs/{run.pk}/publication/", {"confirmed": "yes"}).url == f"/runs/{run.pk}/"
    assert Pairing.objects.count() == 2
    assert "2 pairings published" in text(lead.get(board))


def test_a_wrong_policy_is_refused_and_kept(four: Any, cohort: Any, dora: Any, as_: Any) -> None:
    answer = as_(dora).post(f"/cohorts/{cohort.pk}/matching/", {"odd": "trio", "min_common_hours": "99"})
    assert answer.status_code == 422
    assert b'value="99"' in answer.content
    assert MatchRun.objects.count() == 0


def test_an_empty_cohort(cohort: Any, dora: Any, as_: Any) -> None:
    page = text(as_(dora).get(f"/cohorts/{cohort.pk}/matching/"))
    assert "Nobody is on the list yet." in page
    assert "Matching needs at least two people" in page


def test_who_has_not_named_anybody(four: Any, cohort: Any, eve: Any, dora: Any, take_part: Any, as_: Any) -> None:
    cohort.participants.filter(person__name__in=["Ada", "Ben"]).update(nominated_at=timezone.now())
    take_part(eve, cohort, joined_at=None, profile_completed_at=None)
    page = text(as_(dora).get(f"/cohorts/{cohort.pk}/matching/"))
    assert "Joined 4 of 5" in page
    assert "Named buddies 2 of 5" in page
    assert names_on(page) == {"Cleo", "Fay"}


def test_progress_for_htmx_and_without(four: Any, cohort: Any, dora: Any, as_: Any) -> None:
    run, lead = request_run(cohort, dora), as_(dora)
    MatchRun.objects.update(progress=42, step="placing")
    path, htmx = f"/runs/{run.pk}/progress/", {"HX-Request": "true"}
    part = lead.get(path, headers=htmx)
    assert "Finding a place for everyone" in text(part)
    assert b'value="42"' in part.content
    assert b"<html" not in part.content
    assert lead.get(path).url == f"/runs/{run.pk}/"
    whole = lead.get(f"/runs/{run.pk}/")
    assert b'<noscript><meta http-equiv="refresh"' in whole.content
    execute(run.pk)
    assert lead.get(path, headers=htmx).headers["HX-Redirect"] == f"/runs/{run.pk}/"
    assert b"http-equiv" not in lead.get(f"/runs/{run.pk}/").content


def test_cancelling_and_removing(four: Any, cohort: Any, dora: Any, as_: Any) -> None:
    run, lead = request_run(cohort, dora), as_(dora)
    assert lead.get(f"/runs/{run.pk}/cancellation/").status_code == 405
    assert lead.post(f"/runs/{run.pk}/removal/", {"confirmed": "yes"}).url == f"/cohorts/{cohort.pk}/matching/"
    assert MatchRun.objects.count() == 1  # one that is under way is cancelled first
    lead.post(f"/runs/{run.pk}/cancellation/")
    assert "This run was cancelled" in text(lead.get(f"/runs/{run.pk}/"))
    execute(run.pk)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert "Discard this draft?" in text(lead.post(f"/runs/{run.pk}/removal/"))
    lead.post(f"/runs/{run.pk}/removal/", {"confirmed": "yes"})
    assert MatchRun.objects.count() == 0


def test_a_published_run_cannot_be_removed(draft: MatchRun, dora: Any, as_: Any) -> None:
    publish(draft, dora)
    as_(dora).post(f"/runs/{draft.pk}/removal/", {"confirmed": "yes"})
    assert MatchRun.objects.filter(pk=draft.pk).exists()


def test_a_failed_run_says_so(four: Any, cohort: Any, dora: Any, as_: Any) -> None:
    run = request_run(cohort, dora)
    MatchRun.objects.update(failed_at=timezone.now(), failure="Something went wrong while matching.")
    assert "Something went wrong while matching." in text(as_(dora).get(f"/runs/{run.pk}/"))


def test_after_publishing_nobody_reads_who_named_whom(
    draft: MatchRun, cohort: Any, dora: Any, make_draft: Any, as_: Any
) -> None:
    other, lead = make_draft(cohort), as_(dora)
    assert "named each other first" in text(lead.get(f"/runs/{other.pk}/"))
    publish(draft, dora)
    page = text(lead.get(f"/runs/{draft.pk}/"))
    assert names_on(page) == {"Ada", "Ben", "Cleo", "Fay"}
    assert not re.search(r"(Ada|Ben|Cleo|Fay)( and \w+)? named|They named|One named", page)
    closed = text(lead.get(f"/runs/{other.pk}/"))
    assert names_on(closed) == set()
    assert "published from another draft" in closed


def test_another_draft_cannot_be_published_any_more(
    draft: MatchRun, cohort: Any, dora: Any, second_lead: Any, make_draft: Any, as_: Any
) -> None:
    other = make_draft(cohort)
    publish(draft, second_lead)
    answer = as_(dora).post(f"/runs/{other.pk}/publication/", {"confirmed": "yes"}, follow=True)
    assert "Gus has already published another draft of this cohort. Nothing was sent twice." in text(answer)


def test_a_refusal_is_revealed_to_nobody(
    four: Any, cohort: Any, dora: Any, eve: Any, take_part: Any, make_draft: Any, as_: Any
) -> None:
    """Everybody refused Eve: the lead learns that nobody is possible, and not from which side."""
    take_part(eve, cohort)
    for participant in four.values():
        Refusal.objects.create(refuser=participant, refused=cohort.participants.get(person=eve))
    run = make_draft(cohort)
    page = text(as_(dora).get(f"/runs/{run.pk}/"))
    assert "Everybody else is not possible." in page
    assert not re.search("refus|wish against|please not", page, re.I)


def test_a_lead_who_takes_part_does_not_see_their_own_pairing(
    four: Any, cohort: Any, ada: Any, programme: Any, take_part: Any, make_draft: Any, as_: Any
) -> None:
    """Ada was named by Ben alone: neither the page nor its figures may say so."""
    programme.add_lead(ada, added_by=ada)
    Nomination.objects.filter(nominator=four["Ada"]).delete()
    run = make_draft(cohort)
    assert {proposal.tier for proposal in run.proposals.all()} == {"one-way"}
    page = text(as_(ada).get(f"/runs/{run.pk}/"))
    assert names_on(page.replace("Made by Dora", "")) == {"Cleo", "Fay"}
    assert "Your own pairing is left out until the pairs are published" in page
    assert "2 where one named the other" in _numbers_first(page)
    board = text(as_(ada).get(f"/cohorts/{cohort.pk}/matching/"))
    assert "named each other 0 one named the other 2 no wish met 0 without a buddy 0" in board

    publish(run, ada)
    page = text(as_(ada).get(f"/runs/{run.pk}/"))
    assert names_on(page) == {"Ada", "Ben", "Cleo", "Fay"}
    assert "2 where one named the other" in _numbers_first(page)


def _numbers_first(page: str) -> str:
    return re.sub(r"(where one named the other) (\d+)", r"\2 \1", page)


def test_a_look_at_a_draft_is_noted(draft: MatchRun, dora: Any, as_: Any) -> None:
    as_(dora).get(f"/runs/{draft.pk}/")
    looks = [
        (look.viewer and look.viewer.name, look.subject.name, look.purpose)
        for look in AccessRecord.objects.select_related("viewer", "subject")
    ]
    purpose = "looked at a draft of the matching of Buddies: Spring"
    assert sorted(looks) == [("Dora", name, purpose) for name in ("Ada", "Ben", "Cleo", "Fay")]


def test_a_look_at_a_hidden_pairing_is_not_noted(draft: MatchRun, ada: Any, programme: Any, as_: Any) -> None:
    programme.add_lead(ada, added_by=ada)
    as_(ada).get(f"/runs/{draft.pk}/")
    assert sorted(AccessRecord.objects.values_list("subject__name", flat=True)) == ["Cleo", "Fay"]


def test_people_who_left_are_said_before_publishing(draft: MatchRun, four: Any, dora: Any, as_: Any) -> None:
    four["Fay"].left_at = timezone.now()
    four["Fay"].save()
    lead = as_(dora)
    said = "Fay left the cohort, or found a buddy, or began to pause, after this draft was made."
    assert said in text(lead.get(f"/runs/{draft.pk}/"))
    assert said in text(lead.get(f"/runs/{draft.pk}/publication/"))
    assert said in text(lead.post(f"/runs/{draft.pk}/publication/", {"confirmed": "yes"}, follow=True))
    assert Message.objects.count() == 0


def test_who_cannot_be_told_by_mail_is_counted(draft: MatchRun, ada: Any, dora: Any, as_: Any) -> None:
    ada.email = None
    ada.save()
    page = text(as_(dora).get(f"/runs/{draft.pk}/publication/"))
    assert "3 people will be told by mail now who their buddy is. 1 person has no e-mail address" in page
    publish(draft, dora)
    assert Message.objects.count() == 3


def queries(browser: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


def test_the_board_asks_as_much_with_three_drafts_as_with_one(
    four: Any, cohort: Any, dora: Any, eve: Any, max_: Any, take_part: Any, make_draft: Any, as_: Any
) -> None:
    make_draft(cohort)
    with_one = queries(as_(dora), f"/cohorts/{cohort.pk}/matching/")
    for person in (eve, max_):
        take_part(person, cohort)
        make_draft(cohort)
    assert queries(as_(dora), f"/cohorts/{cohort.pk}/matching/") == with_one < 25


def test_the_page_of_a_run_asks_as_much_with_three_pairs_as_with_one(
    cohort: Any, dora: Any, make_person: Any, take_part: Any, make_draft: Any, as_: Any
) -> None:
    asked = []
    for people in (range(3), range(3, 7)):
        for number in people:
            take_part(make_person(f"Person{number}"), cohort)
        run = make_draft(cohort, engine.Policy(odd="wait"))
        asked.append(queries(as_(dora), f"/runs/{run.pk}/"))
    assert run.proposals.count() == 3
    assert asked[0] == asked[1] < 32


def test_who_can_help_whom_speaks_for_a_pairing(four: Any, cohort: Any, make_draft: Any, dora: Any, as_: Any) -> None:
    Participant.objects.filter(pk=four["Ada"].pk).update(offers=["Saying no"])
    Participant.objects.filter(pk=four["Ben"].pk).update(wants=["Saying no"])
    draft = make_draft(cohort)
    said = "Ada can help with “Saying no”, which Ben would like to get better at."
    assert said in text(as_(dora).get(f"/runs/{draft.pk}/"))
    page = text(as_(dora).get(f"/runs/{draft.pk}/editing/?a={four['Ada'].pk}&b={four['Ben'].pk}"))
    assert said in page
    assert "Would like to get better at Saying no" in page
    assert "Can help with Saying no" in page
