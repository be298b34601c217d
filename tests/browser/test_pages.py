"""Every main page of each role, wide and narrow: one heading, a title, nothing that scrolls sideways, no complaint,
and nothing that axe finds in either theme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from buddying.models import Nomination
from equipping import arranging, rewording, rounds
from equipping.models import Practice
from matching.execution import execute
from matching.models import MatchRun, Pairing
from reflection import agreeing, going_on, helping, reflecting
from reflection.models import FitCheck, ReflectionPrompt
from reflection.sharing import sentences_of, share
from sessions_log.proposals import propose
from tests.browser.axe import violations
from tests.browser.cast import DAY, HOUR, Cast, person
from tests.browser.crawling import pages_within_reach
from tests.browser.product import Product
from tests.browser.visitors import Visitor

PROCESSES = ("mail", "outbox", "web")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}

# What reaches past the right edge, but for what scrolls in a frame of its own.
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  const scrolls = (element) => element && element !== document.body
    && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > edge + 1 && !scrolls(element.parentElement))
    .map((element) => `${element.tagName} .${element.className} “${element.textContent.trim().slice(0, 40)}”`)
    .concat("the document scrolls sideways");
}"""


@dataclass
class Pages:
    """Addresses by who opens them."""

    nobody: list[str]
    Ada: list[str]
    Nia: list[str]
    Eve: list[str]
    Dora: list[str]
    Olga: list[str]


@pytest.fixture(scope="module")
def pages(product: Product) -> Pages:
    with product.models():
        return _everything_there_is(Cast.enters(product.now()))


def _everything_there_is(cast: Cast) -> Pages:
    spring, summer = cast.cohort("Spring", days_to_start=-40), cast.cohort("Summer", days_to_start=21)
    autumn = cast.cohort("Autumn", days_to_start=60)
    ada, ben, cleo = (person(name, team="Engines and long names of teams") for name in ("Ada", "Ben", "Cleo"))
    pairing = cast.pair(*(cast.takes_part(one, spring) for one in (ada, ben)))
    unsigned = cast.pair(*(cast.takes_part(person(name), spring) for name in ("Finn", "Gus")), signed=False)
    held = [cast.meets(pairing, cast.now - weeks * 7 * DAY, log=True) for weeks in (4, 3, 2)]
    over, coming = cast.meets(pairing, cast.now - 5 * HOUR), cast.meets(pairing, cast.now + 3 * DAY)
    prompt = ReflectionPrompt.objects.get(pairing=pairing, person=ada)
    reflecting.answer(prompt, {"works": "The walks.", "change": "Begin on time."})
    share(prompt, [one.token for one in sentences_of(prompt)["works"]])

    prompt_of_ben = ReflectionPrompt.objects.get(pairing=pairing, person=ben)
    reflecting.answer(prompt_of_ben, {"works": "The walks, too."})
    check = FitCheck.objects.get(pairing=pairing, person=ada)
    thread = helping.ask(cast.dora, "Could we talk? It is about time and about who talks how much.", by=ada)
    agreeing.rewrite(pairing, "Rhythm\nEvery Thursday.", by=ada)
    last, gone = cast.cohort("Winter", days_to_start=-85), cast.cohort("Old", days_to_start=-120)
    ending, private = (cast.pair(*(cast.takes_part(one, there) for one in (ada, ben))) for there in (last, gone))
    going_on.thank(ending, "Thank you for the questions.", by=ben)
    Pairing.objects.filter(pk=private.pk).update(continues_at=cast.now - DAY)

    wishing = [cast.takes_part(one, summer) for one in (ada, cleo, *(person(name) for name in ("Hana", "Ivo", "Jo")))]
    Nomination.objects.create(nominator=wishing[0], nominee=wishing[1], rank=1)
    Nomination.objects.create(nominator=wishing[1], nominee=wishing[0], rank=1)
    summer.participants.create(person=person("Nia"))
    proposal = propose(pairing, [cast.now + 4 * DAY, cast.now + 5 * DAY], 60, "Park", by=ben, note="I bring coffee.")
    ada.leaves.create(first_day=(cast.now + 9 * DAY).date(), last_day=(cast.now + 12 * DAY).date())
    dates = f"weeks=2&minutes=60&starts_at={(cast.now + 6 * DAY).isoformat()}".replace("+", "%2B")

    run = MatchRun.objects.create(cohort=summer, requested_by=cast.dora, requested_at=cast.now)
    execute(run.pk)
    person("Eve")
    practice = arranging.propose(Practice(place="Room 4"), spring, by=cast.dora, at=cast.now)
    arranging.publish(practice, by=cast.dora, at=cast.now)
    group = next(one for one in practice.groups.all() if ada in one.people())
    rounds.begin(group, 1, cast.now)
    observes = next(one.number for one in rounds.roles_of(group.people()) if ada in one.observers)
    arranging.propose(Practice(), summer, by=cast.dora, at=cast.now)
    rewording.reword(cast.programme, "feedback", "Feedback, as we say it", "Our own *words*.", by=cast.dora)

    s, c = f"/sessions/{coming.pk}/", f"/cohorts/{summer.pk}/"
    p, programme, r = f"/pairings/{pairing.pk}/", f"/programmes/{cast.programme.pk}/", f"/runs/{run.pk}/"
    one = f"{c}people/{wishing[1].pk}/"
    g, lessons = f"/practice-groups/{group.pk}/", f"{programme}lessons/"
    everybody = ["/", "/privacy/", "/help/"]
    return Pages(
        nobody=[*everybody, "/offline/", "/accounts/login/code/", f"/join/{summer.join_token}/"],
        Ada=[*everybody, "/me/", "/me/devices/", "/accounts/second-factor/", "/accounts/second-factor/app/",
             "/accounts/second-factor/passkeys/new/", "/accounts/login/again/", "/privacy/data/",
             "/privacy/data/erasure/", "/me/messages/", "/me/messages/sent/",
             "/privacy/looks/", p, f"{p}agreement/", f"{p}agreement/?change", f"{p}reflection/",
             f"{p}sessions/new/", f"{p}sessions/past/", f"{p}series/new/", f"{p}series/new/?{dates}",
             f"{p}proposals/new/", f"/proposals/{proposal.pk}/", "/me/dates/",
             s, f"{s}move/", f"{s}cancellation/", f"/sessions/{held[0].pk}/",
             f"/sessions/{over.pk}/", f"/sessions/{over.pk}/log/", f"/sessions/{over.pk}/meet/", f"{s}meet/",
             f"/reflections/{prompt.pk}/",
             f"/reflections/{prompt.pk}/sharing/", f"/fit-checks/{check.pk}/", f"{p}not-a-good-fit/",
             f"{p}talk-guide/", f"/help/leads/{cast.dora.pk}/", f"/help/conversations/{thread.pk}/",
             f"{p}agreement/?change=text", f"{p}agreement/versions/1/", f"/cohorts/{spring.pk}/goals/",
             f"/pairings/{ending.pk}/looking-back/", f"/pairings/{private.pk}/", f"/pairings/{private.pk}/ending/",
             f"/cohorts/{spring.pk}/statement/", f"{c}about/", f"{c}profile/", f"{c}profile/hours/",
             f"{c}nominations/", f"{c}nominations/?search=nobody", f"/cohorts/{spring.pk}/nominations/",
             lessons, f"{lessons}listening/", f"{lessons}feedback/", g, f"{g}note/", f"{g}rounds/{observes}/sheet/",
             "/help/taking-part/", "/help/?q=book", f"/cohorts/{spring.pk}/pack/",
             f"/cohorts/{spring.pk}/pack/session/", f"/cohorts/{spring.pk}/pack/guide/", f"{p}agreement/sheet/"],
        Nia=[*everybody, f"{c}joining/"],
        Eve=[*everybody, "/me/", "/privacy/looks/", "/accounts/logout/", f"/join/{summer.join_token}/"],
        Dora=[*everybody, "/help/leading/", f"{programme}pack/", f"{programme}pack/cards/",
              "/programmes/", "/programmes/new/", programme, f"{programme}edit/",
              f"{programme}guide/", f"{programme}copy/", f"{programme}keeping/", f"{c}meetings/", f"{c}practice/",
              f"/cohorts/{spring.pk}/practice/", f"{lessons}feedback/words/", f"{lessons}feedback/original/",
              f"{programme}cohorts/new/", f"/cohorts/{spring.pk}/", f"/cohorts/{spring.pk}/report/",
              f"/cohorts/{spring.pk}/pairings/{unsigned.pk}/encouragement/", f"/help/conversations/{thread.pk}/", c,
              f"{c}people/", one, f"{one}correction/",
              f"{one}removal/", f"{c}invitations/", f"{c}join-link/", f"{c}import/", f"{c}edit/",
              f"{c}mail/", f"{c}mail/session_booked/", f"{c}matching/", r,
              f"{r}editing/", f"{r}picture/", f"{r}publication/", f"{r}removal/", f"/cohorts/{autumn.pk}/matching/"],
        Olga=[*everybody, "/help/administering/",
              "/overview/", f"/overview/?programme={cast.programme.pk}", "/overview/report/",
              f"/overview/cohorts/?cohort={spring.pk}&cohort={summer.pk}", "/overview/cohorts/", "/overview/mail/",
              "/programmes/", programme, f"{programme}edit/", f"{c}edit/", "/organisation/"],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["nobody", "Ada", "Nia", "Eve", "Dora", "Olga"])
def test_pages(name: str, pages: Pages, arrives: Callable[..., Visitor]) -> None:
    visitor = arrives(name, viewport=WIDE)
    if name != "nobody":
        visitor.log_in()
    found = [complaint for address in getattr(pages, name) for complaint in _complaints(visitor, address)]
    assert found + visitor.troubles == []


@pytest.mark.parametrize("name", ["nobody", "Ada", "Nia", "Eve", "Dora", "Olga"])
def test_every_link_leads_somewhere(name: str, pages: Pages, arrives: Callable[..., Visitor]) -> None:
    visitor = arrives(name)
    if name != "nobody":
        visitor.log_in()
    assert pages_within_reach(visitor, *getattr(pages, name))


def _complaints(visitor: Visitor, address: str) -> list[str]:
    answer = visitor.page.goto(address)
    assert answer is not None
    if answer.status != 200:
        return [f"{address}: {answer.status}"]
    found = [*_without_a_head(visitor.page)]
    for size in (WIDE, NARROW):
        visitor.page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"at {size['width']}: {what}" for what in visitor.page.evaluate(TOO_WIDE)]
    visitor.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    found += violations(visitor.page)
    return [f"{address} {what}" for what in found]


def _without_a_head(page: Page) -> list[str]:
    headings = [text.strip() for text in page.get_by_role("heading", level=1).all_inner_texts()]
    found = [] if len(headings) == 1 and headings[0] else [f"headings of the first level: {headings}"]
    if not page.title().split("·")[0].strip():
        found.append(f"the title is “{page.title()}”")
    return found
