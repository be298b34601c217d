"""A newcomer's way through the product, and a lead's, each step counted. ``python -m bench.paths [--write]``

The product runs as it does for people (its own processes, database and mail), and two people go through it in Chromium:
a lead who has just been given the role, and somebody whom they invite. Pages, clicks, fields and keys are counted as
they happen; seconds are the machine's own, and a person's by ``bench.keystrokes``. What a buddy does meanwhile is done
behind the scenes. ``--write`` puts the tables into docs/paths.md.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bin"))
os.environ.setdefault("BUDDYING_MODE", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddying.settings")

import django  # noqa: E402

django.setup()

from playwright.sync_api import Browser, Locator, expect, sync_playwright  # noqa: E402

from bench.keystrokes import CLICK, Step, reading, typing  # noqa: E402
from tests.browser import databases  # noqa: E402
from tests.browser.conftest import SWITCHES  # noqa: E402
from tests.browser.mailbox import Mail, about  # noqa: E402
from tests.browser.product import Product  # noqa: E402
from tests.browser.visitors import Visitor  # noqa: E402

PAGE = ROOT / "docs" / "paths.md"
BEGIN, END = "<!-- tables of bench.paths -->", "<!-- end of tables -->"
DEPARTMENTS, PEOPLE = ("Engines", "Sales", "Care", "Finance"), 20
FIRST_PROJECT = "Leading my first project without doing everything myself."
HARD_QUESTIONS = "Ask me hard questions, and let me think aloud."
WORDS_IN_SIGHT = """() => {
  const words = (one) => one.innerText.split(/\\s+/).filter(Boolean).length;
  const unread = [...document.querySelectorAll("main :is(select, .visually-hidden)")];
  const inSight = words(document.querySelector("main"));
  return unread.filter((one) => one.checkVisibility()).reduce((left, one) => left - words(one), inSight);
}"""
SENSOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Stage:
    """A part of a way, and what was promised of it."""

    title: str
    promise: str = ""
    steps: list[Step] = field(default_factory=list)

    def total(self, what: str) -> float:
        return sum(getattr(step, what) for step in self.steps)

    @property
    def pages(self) -> int:
        return sum(1 for step in self.steps if step.page)

    @property
    def seconds(self) -> float:
        return self.total("hands") + self.total("machine")


class Walk:
    """One person at a browser; whatever they do is written down."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page, self.stages = visitor, visitor.page, list[Stage]()
        self.seen: set[str] = set()

    def stage(self, title: str, promise: str = "") -> None:
        self.stages.append(Stage(title, promise))

    def mails_link(self, said: str, address: str) -> None:
        self._step(said, lambda: self.page.goto(address), clicks=1, hands=CLICK)

    def goes(self, said: str, control: Locator) -> None:
        def click() -> None:
            with self.page.expect_navigation():
                control.click()

        self._step(said, click, clicks=1, hands=CLICK)

    def clicks(self, said: str, control: Locator, then: Callable[[], None] = lambda: None) -> None:
        """On the same page."""
        began = time.perf_counter()
        control.click()
        then()
        self.note(Step(said, clicks=1, hands=CLICK, machine=time.perf_counter() - began))

    def types(self, said: str, control: Locator, text: str) -> None:
        control.fill(text)
        self.note(Step(said, fields=1, keys=len(text), hands=typing(text)))

    def chooses_a_file(self, said: str, control: Locator, file: Path) -> None:
        """The system's own window: counted as three clicks."""
        control.set_input_files(file)
        self.note(Step(said, clicks=3, fields=1, hands=3 * CLICK))

    def _step(self, said: str, act: Callable[[], Any], **counts: Any) -> None:
        began = time.perf_counter()
        act()
        took = time.perf_counter() - began
        heading, words = self.stands_at()
        self.note(Step(said, page=heading, machine=took, words=words, **counts))

    def stands_at(self) -> tuple[str, int]:
        """The page's heading, and its words in sight.

        Those of a page seen before are not read again, nor lists to choose from, nor what stands behind a fold.
        """
        heading = self.page.get_by_role("heading", level=1).first.inner_text()
        if heading in self.seen:
            return heading, 0
        self.seen.add(heading)
        return heading, self.page.evaluate(WORDS_IN_SIGHT)

    def note(self, step: Step) -> None:
        self.stages[-1].steps.append(step)


# -- the product ---------------------------------------------------------------------------------------


@contextmanager
def running() -> Iterator[Product]:
    name = databases.name_for("paths")
    with tempfile.TemporaryDirectory() as folder:
        databases.make(name)
        databases.migrate(name, Path(folder) / "migrate.log")
        product = Product(Path(folder), name, cast(Any, Unblocked()))
        product.host = "localhost"  # passkeys belong to names
        product.settings["BUDDYING_SECOND_FACTOR"] = "required"
        try:
            product.start()
            yield product
        finally:
            product.end()
            databases.drop(name)


class Unblocked:
    """pytest keeps tests from the database; nothing does so here."""

    def unblock(self) -> Any:
        return nullcontext()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("BUDDYING_CHROMIUM"), args=SWITCHES)
        yield browser
        browser.close()


def arrives(browser: Browser, product: Product, name: str) -> Walk:
    return Walk(Visitor.arrives(browser, product, name, viewport={"width": 1280, "height": 800}))


def enters_the_code(walk: Walk, asked_by: Callable[[], None]) -> None:
    """The way of the mail, and the look at it, are not counted."""
    visitor = walk.visitor
    before = len(visitor.codes())
    asked_by()
    visitor.product.wait_until(lambda: len(visitor.codes()) > before, "the code came")
    walk.types("types the code from the mail", walk.page.get_by_label("The code from the mail"), visitor.codes()[-1])
    walk.goes("sends it", walk.page.locator("main").get_by_role("button").first)


# -- the lead ------------------------------------------------------------------------------------------


def lead_begins(product: Product, browser: Browser, folder: Path) -> Walk:
    """Up to the invitation."""
    from buddying.models import Person, RoleGrant

    with product.models():
        dora = Person.objects.create_user(email="dora@example.org", name="Dora")
        RoleGrant.objects.create(person=dora, role=RoleGrant.LEAD)
    walk = arrives(browser, product, "Dora")
    _gets_in(walk, product)
    _creates_a_programme(walk)
    _creates_a_cohort(walk, product)
    _imports(walk, folder)
    _invites(walk)
    return walk


def _gets_in(walk: Walk, product: Product) -> None:
    page = walk.page
    line = walk.visitor.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": SENSOR})
    walk.stage("Getting in, with a second factor")
    walk.mails_link("opens the address that she was given", f"{product.url}/accounts/login/code/")
    walk.types("types her address", page.get_by_label("Your e-mail address at work"), walk.visitor.address)
    enters_the_code(walk, lambda: walk.goes("asks for a code", walk.visitor.button(re.compile("code"))))
    if "second-factor" not in page.url:
        page.goto(f"{product.url}/accounts/second-factor/")
    walk.goes("chooses a passkey", walk.visitor.link("Add a passkey"))
    walk.goes("adds it, and shows her finger", walk.visitor.button("Add a passkey"))
    walk.goes("keeps the recovery codes", walk.visitor.link("I have kept them"))


def _creates_a_programme(walk: Walk) -> None:
    walk.stage("A programme from a template")
    walk.mails_link("goes home", "/")
    walk.goes("sets up a programme", walk.visitor.link("Set up a programme"))
    walk.goes("a new one", walk.visitor.link("New programme"))
    walk.goes("takes the template's words as they are", walk.visitor.button("Create the programme"))


def _creates_a_cohort(walk: Walk, product: Product) -> None:
    walk.stage("A cohort with its dates")
    walk.goes("a new cohort", walk.visitor.link("New cohort"))
    first_day = (product.now() + timedelta(days=14)).date().isoformat()
    walk.types("types the first day", walk.page.get_by_label("First day", exact=True), first_day)
    walk.goes("has the dates proposed", walk.visitor.button("Propose the dates"))
    walk.types("types its name", walk.page.get_by_label("Name of the cohort"), "Spring")
    walk.goes("creates it", walk.visitor.button("Create the cohort"))


def _imports(walk: Walk, folder: Path) -> None:
    walk.stage(f"Importing {PEOPLE} people")
    walk.goes("opens the import", walk.visitor.link("Import"))
    walk.chooses_a_file("chooses a file", walk.page.get_by_label("People").first, _people(folder))
    walk.goes("has it looked at", walk.visitor.button("Look at the files"))
    walk.clicks("says that they have agreed", walk.page.get_by_label("These people have agreed to take part"))
    if walk.visitor.button("Go on").count():
        walk.goes("goes on", walk.visitor.button("Go on"))
    walk.goes("imports them", walk.visitor.button("Import", exact=True))


def _people(folder: Path) -> Path:
    file = folder / "people.csv"
    rows = [f"P{n},Person {n},p{n}@example.org,{DEPARTMENTS[n % 4]},{n % 3 + 1}" for n in range(1, PEOPLE + 1)]
    file.write_text("\n".join(["id,name,email,department,level", *rows]))
    return file


def _invites(walk: Walk) -> None:
    walk.stage("Inviting one person more")
    walk.goes("opens the invitations", walk.visitor.link("Invitations"))
    walk.types("types an address", walk.page.get_by_label("Addresses"), "nina@example.org")
    walk.goes("sends it", walk.visitor.button("Send the invitations"))


def lead_matches(walk: Walk) -> None:
    visitor = walk.visitor
    walk.stage("Matching and publishing")
    walk.goes("opens the matching", visitor.link("Matching"))
    walk.goes("has a draft made", visitor.button("Make a draft"))
    _waits_for_the_draft(walk)
    dialog = walk.page.get_by_role("dialog")
    walk.clicks("publishes", visitor.button("Publish", exact=True), lambda: expect(dialog).to_be_visible())
    walk.goes("and means it", dialog.get_by_role("button", name="Publish and tell everybody"))
    visitor.reads("The pairs are published")


def _waits_for_the_draft(walk: Walk) -> None:
    began = time.perf_counter()
    expect(walk.page.get_by_role("heading", level=1)).to_contain_text("Draft of", timeout=60_000)
    took = time.perf_counter() - began
    heading, words = walk.stands_at()
    walk.note(Step("waits for the draft", page=heading, words=words, machine=took))


def lead_follows(walk: Walk) -> None:
    walk.stage("Following")
    walk.mails_link("goes home", "/")
    walk.goes("opens the cohort", walk.visitor.link("Open the cohort"))
    walk.visitor.reads("Rhythm of the pairings")


# -- the participant -----------------------------------------------------------------------------------


def newcomer_signs_up(product: Product, browser: Browser) -> Walk:
    walk = arrives(browser, product, "Nina")
    page, visitor = walk.page, walk.visitor
    invitation = product.mail.wait_for(about("", to="nina@example.org"))[0]
    walk.stage("The door: invitation to code", "")
    walk.mails_link("follows the invitation", invitation.link("/invitations/"))
    walk.types("types her name", page.get_by_label("Your name"), "Nina Novak")
    enters_the_code(walk, lambda: walk.goes("asks for a code", visitor.button("Send me a code and join")))
    walk.stage("Sign-up to nominated", "under 120 s, at most 3 pages")
    _repeats_the_page(walk)
    walk.types("what she works on", page.get_by_label(re.compile("^What I work on", re.I)), FIRST_PROJECT)
    walk.types("great support", page.get_by_label(re.compile("^What great support", re.I)), HARD_QUESTIONS)
    walk.goes("goes on to her hours", visitor.button("Save", exact=True))
    walk.types("hours a month", page.get_by_label("Hours a month", exact=True), "4")
    monday = page.get_by_role("checkbox", name=re.compile("^Monday, morning"))
    walk.clicks("weekdays", visitor.button(re.compile("^Weekdays.*9.*18")), lambda: expect(monday).to_be_checked())
    walk.goes("saves", visitor.button("Save", exact=True))
    for name, place in (("Person 3", "first"), ("Person 8", "second")):
        walk.types(f"searches for {name}", page.get_by_label("Search by name or team").first, name)
        wish = visitor.button(f"Choose as {place} wish: {name}", exact=True)
        walk.clicks(f"names {name}", wish, lambda name=name: visitor.reads(f"{name} is your"))  # type: ignore[misc]
    walk.goes("is done", visitor.button("I am done"))
    visitor.reads("You are all set")
    walk.stage("Home, once she has named")
    _repeats_the_page(walk, "is at home")
    return walk


def _repeats_the_page(walk: Walk, said: str = "stands at her profile") -> None:
    """The page that the stage before opened on belongs to what follows."""
    opened = walk.stages[-2].steps[-1]
    walk.stages[-2].steps[-1] = Step(opened.said, clicks=1, hands=opened.hands, machine=opened.machine)
    walk.note(Step(said, page=opened.page, words=opened.words))


def newcomer_agrees_and_books(walk: Walk, product: Product) -> None:
    page, visitor = walk.page, walk.visitor
    paired: Mail = product.mail.wait_for(about("You are paired with", to=visitor.address))[0]
    walk.stage("Agreement")
    walk.mails_link("follows the mail about her buddy", paired.link())
    sign = visitor.button("Sign the agreement")
    if not sign.count():
        walk.goes("opens the agreement", visitor.link(re.compile("^Read (and sign|it)")))
    walk.goes("signs it as it is", sign)
    the_buddy_signs(product)
    walk.stage("Booking, from home", "3 clicks")
    page.goto(f"{product.url}/")
    _repeats_home(walk)
    walk.goes("book a session", visitor.link("Book a session"))
    walk.goes("book this time", visitor.button("Book this time"))
    visitor.reads("Booked. The invitation goes to")


def _repeats_home(walk: Walk) -> None:
    heading, words = walk.stands_at()
    walk.note(Step("stands at home", page=heading, words=words))


def the_buddy_signs(product: Product) -> None:
    from buddying.models import WeeklyWindow
    from reflection import agreeing

    with product.models():
        pairing, others = _her_pairing()
        for buddy in others:
            WeeklyWindow.objects.bulk_create(
                WeeklyWindow(person=buddy, weekday=day, starts_at="09:00", minutes=480) for day in range(5)
            )
            newest = agreeing.latest(pairing)
            assert newest
            agreeing.sign(pairing, newest, by=buddy, read_at=newest.written_at)


def _her_pairing() -> tuple[Any, list[Any]]:
    from buddying.models import Person
    from matching.models import Pairing

    nina = Person.objects.get(email="nina@example.org")
    pairing = Pairing.objects.live().get(members__participant__person=nina)
    return pairing, pairing.buddies_of(nina)


def they_meet(product: Product) -> None:
    """Until an hour after the session; two earlier ones are held behind the scenes."""
    from sessions_log.models import CoachingSession

    with product.models():
        session = CoachingSession.objects.get()
    product.turn_the_clock_to(session.ends_at + timedelta(minutes=35))
    with product.models():
        from tests.browser.cast import DAY, Cast

        pairing, _ = _her_pairing()
        stage = Cast(product.now(), *[cast(Any, None)] * 3)
        for days in (2, 1):
            stage.meets(pairing, session.starts_at - days * DAY, log=True)


def newcomer_logs_and_reflects(walk: Walk, product: Product) -> None:
    page, visitor = walk.page, walk.visitor
    asked = product.mail.wait_for(about("How was your session with", to=visitor.address))[0]
    walk.stage("Logging, from the mail", "under 60 s")
    walk.mails_link("follows the mail", asked.link("/log/"))
    walk.clicks("it took place", page.get_by_label("It took place"))
    walk.types("a note for herself", page.get_by_label("A note for yourself").first, "Slow down before I answer")
    walk.types("what she will do", page.get_by_label("One thing").first, "Ask Mira before Friday")
    walk.goes("saves", visitor.button("Save", exact=True))
    visitor.reads("Took place")
    prompt = product.mail.wait_for(about("A moment to reflect", to=visitor.address))[0]
    walk.stage("Reflecting, from the mail")
    walk.mails_link("follows the mail", prompt.link("/reflections/"))
    walk.types("what works", page.get_by_label(re.compile("^What works well")), "The silence before an answer")
    walk.types("what does not", page.get_by_label(re.compile("^What does not work")), "We always begin late")
    walk.goes("goes on to what to share", visitor.button("Save, and choose what to share"))
    walk.clicks("shares one sentence", page.get_by_label("The silence before an answer"))
    walk.goes("is done", visitor.button("Done", exact=True))


# -- telling -------------------------------------------------------------------------------------------


def told(title: str, stages: list[Stage]) -> str:
    return "\n".join([f"## {title}", "", *_totals(stages), "", *(line for stage in stages for line in _steps(stage))])


def _totals(stages: list[Stage]) -> Iterator[str]:
    yield "| part | pages | clicks | fields | keys | machine | knows the way | reads all, too | promised |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|---|"
    for one in stages:
        counts = " | ".join(f"{one.total(what):.0f}" for what in ("clicks", "fields", "keys"))
        newcomer = one.seconds + reading(int(one.total("words")))
        yield (
            f"| {one.title} | {one.pages} | {counts} | {one.total('machine'):.1f} s | {one.seconds:.0f} s"
            f" | {newcomer:.0f} s | {one.promise or '–'} |"
        )


def _steps(stage: Stage) -> Iterator[str]:
    yield f"### {stage.title}\n"
    for number, step in enumerate(stage.steps, 1):
        words = f", {step.words} words" if step.words else ""
        page = f" → **{step.page}**{words}" if step.page else ""
        keys = f" ({step.keys} keys)" if step.keys else ""
        yield f"{number}. {step.said}{keys}{page}"
    yield ""


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    with running() as product, chromium() as browser:
        lead = lead_begins(product, browser, product.folder)
        nina = newcomer_signs_up(product, browser)
        lead_matches(lead)
        newcomer_agrees_and_books(nina, product)
        lead_follows(lead)  # before the clock is turned: a lead's log-in ends after twelve hours without a visit
        they_meet(product)
        newcomer_logs_and_reflects(nina, product)
        assert lead.visitor.troubles + nina.visitor.troubles == []
    tables = "\n".join([told("A first-time participant", nina.stages), told("A first-time lead", lead.stages)])
    print(tables)
    if given.write:
        PAGE.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{tables}\n{END}", PAGE.read_text(), flags=re.S))


if __name__ == "__main__":
    main()
