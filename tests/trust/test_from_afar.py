"""Pages of leads and administrators that show how things go run in a role for which content does not exist."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse

from buddying.models import Person
from tests.test_urlconf import ADMIN, LEAD, RULES, world
from trust import acting
from trust.acting import Acting

__all__ = ["world"]

FROM_AFAR = {
    "buddying:invitations",
    "buddying:participant",
    "buddying:people",
    "buddying:programme",
    "buddying:programmes",
    "equipping:practices",
    "insights:cohort",
    "insights:cohort_figures",
    "insights:cohort_mail",
    "insights:cohort_report",
    "insights:comparison",
    "insights:comparison_figures",
    "insights:mail_page",
    "insights:mail_preview",
    "insights:overview",
    "insights:overview_figures",
    "insights:overview_report",
    "matching:board",
    "matching:closure",
    "matching:comparison",
    "matching:costs",
    "matching:editing",
    "matching:floors",
    "matching:pairings",
    "matching:people",
    "matching:picture",
    "matching:placement",
    "matching:progress",
    "matching:publication",
    "matching:rounds",
    "matching:run",
}
# Pages that only leads and administrators have, and that are none of these: what each is for instead.
OTHERS = {
    "buddying:correct_participant": "a form",
    "buddying:copy_programme": "a form",
    "buddying:edit_cohort": "a form",
    "buddying:edit_guide": "a form, with what its author typed and did not send",
    "buddying:edit_programme": "a form, with what its author typed and did not send",
    "buddying:import_people": "a file to upload",
    "buddying:import_preview": "the file that was uploaded, which is content",
    "buddying:keeping": "a form",
    "buddying:meetings": "a form",
    "buddying:new_cohort": "a form",
    "buddying:new_programme": "a form",
    "buddying:organisation": "a form",
    "buddying:remove_lead": "a question",
    "buddying:remove_participant": "a question",
    "equipping:calling_off": "a question",
    "equipping:original": "words of the product",
    "equipping:words": "a form, with what its author typed and did not send",
    "insights:encouragement": "the words of a mail, before it is sent",
    "insights:erase_person": "a question",
    "insights:help_role": "words of the product",
    "matching:join_pairing": "a question",
    "matching:pair_with": "a question",
    "matching:removal": "a question",
    "reflection:programme_pack": "words of the programme",
    "reflection:programme_pack_file": "words of the programme",
    "reflection:programme_pack_sheet": "words of the programme",
    "outbox:operations": "of messages alone, on a floor below roles",
}


def is_from_afar(name: str, world: SimpleNamespace) -> bool:
    return getattr(resolve(reverse(name, args=RULES[name].args(world))).func, "is_without_content", False)


def test_which_pages_these_are(world: SimpleNamespace) -> None:
    theirs = {name for name, rule in RULES.items() if rule.who and rule.who <= LEAD | ADMIN and not rule.post}
    found = {name for name in RULES if is_from_afar(name, world)}
    assert found == FROM_AFAR
    assert theirs - found == set(OTHERS)


@pytest.mark.parametrize("name", sorted(FROM_AFAR))
def test_they_answer_in_that_role_and_what_is_posted_there_does_not(
    name: str, world: SimpleNamespace, as_: Callable[[Person | None], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    who = Person.objects.get(name=next(iter(sorted(RULES[name].who & {"Dora", "Olga"}))))
    told: list[Acting] = []
    tell = acting._tell
    monkeypatch.setattr(acting, "_tell", lambda who_acts: (told.append(who_acts), tell(who_acts))[1])
    client, url = as_(who), reverse(name, args=RULES[name].args(world))
    assert client.get(url).status_code in (200, 204, 302)
    assert Acting(settings.DASHBOARD_ROLE) in told
    told.clear()
    assert client.post(url).status_code in (200, 302, 405, 422)
    assert Acting(settings.DASHBOARD_ROLE) not in told
