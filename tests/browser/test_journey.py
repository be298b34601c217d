"""The whole main job, each step through the product's own pages, on the people of a real firm."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from buddying.models import Person, RoleGrant
from matching.engine import Problem
from matching.models import MatchRun
from tests.browser.crawling import pages_within_reach
from tests.browser.exact import best_total
from tests.browser.mailbox import Condition, Mail, about
from tests.browser.product import ROOT, Product
from tests.browser.visitors import Visitor

DATA = ROOT.parent / "shared" / "data" / "krackhardt_hightech"
PEOPLE, NOMINATIONS = DATA / "people.csv", DATA / "nominations.csv"
LABEL = re.compile(r"\bA\d\d\b")

AGREED = "We meet as the pangolin does: slowly, and never before nine."
PLACE = "the bench behind the blue door"
PRIVATE = "quokka: I am afraid of the steering group"
SHARED = "narwhal: we both liked the walk"
WILL_DO = "axolotl: ask Mira before Friday"
WORKS = "okapi: the silence before an answer"
DOES_NOT = "kakapo: we always begin late"
SECRETS = [AGREED, PRIVATE, SHARED, WILL_DO, WORKS, DOES_NOT]
HIDDEN_FROM_LEADS = [*SECRETS, PLACE]

pytestmark = pytest.mark.skipif(not PEOPLE.exists(), reason=f"the people to match are not here: {DATA}")


@dataclass
class Story:
    product: Product
    arrives: Callable[..., Visitor]
    dora: Visitor
    cohort: str = ""
    pairing: str = ""
    members: tuple[Visitor, ...] = ()
    pairs: list[frozenset[str]] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)

    def at(self, *path: str) -> str:
        return "/".join([self.cohort.rstrip("/"), *path, ""])


def test_the_whole_job(product: Product, arrives: Callable[..., Visitor]) -> None:
    with product.models():
        for name, role in (("Dora", RoleGrant.LEAD), ("Olga", RoleGrant.ADMINISTRATOR)):
            person = Person.objects.create_user(email=f"{name.lower()}@example.org", name=name)
            RoleGrant.objects.create(person=person, role=role)
    dora = arrives("Dora")
    dora.log_in()
    story = Story(product, arrives, dora)

    set_up(story)
    bring_people_in(story)
    invite_somebody_who_does_not_stay(story)
    sign_up_and_nominate(story)
    match(story)
    publish(story)
    agree(story)
    book_move_and_cancel(story)
    be_reminded(story)
    log_three_sessions(story)
    reflect(story)
    follow(story)
    keep_it_between_them(story)
    for visitor in (dora, *story.members):
        assert visitor.troubles == []


# -- 1: set up -------------------------------------------------------------------------------------


def set_up(story: Story) -> None:
    dora = story.dora
    dora.follow("Set up a programme")
    dora.follow("New programme")
    dora.reads("Three months of buddying")
    expect(dora.page.get_by_label("What it is for")).not_to_be_empty()
    dora.press("Create the programme")
    dora.follow("New cohort")
    today = story.product.now().astimezone(ZoneInfo("Europe/London")).date()
    dora.page.get_by_label("First day", exact=True).fill((today + timedelta(days=14)).isoformat())
    dora.press("Propose the dates")
    dora.fill("Name of the cohort", "Spring")
    dates = [dora.page.get_by_label(label).input_value() for label in ("Sign-up opens", "Last day to name buddies")]
    assert dates == [today.isoformat(), (today + timedelta(days=4)).isoformat()]
    expect(dora.page.get_by_label("Length of a session in minutes")).to_have_value("60")
    expect(dora.page.get_by_label("Sessions to aim for")).to_have_value("6")
    expect(dora.page.get_by_label("Pause to reflect after")).to_have_value("3")
    assert _days_between(dora, "Start", "End") == 91
    dora.press("Create the cohort")
    dora.reads("The cohort stands")
    story.cohort = re.sub(r"(/cohorts/\d+/).*", r"\1", dora.page.url)


def _days_between(visitor: Visitor, first: str, last: str) -> int:
    days = [visitor.page.get_by_label(label, exact=True).last.input_value() for label in (first, last)]
    start, end = map(date.fromisoformat, days)
    return (end - start).days


# -- 2: bring people in ----------------------------------------------------------------------------


def bring_people_in(story: Story) -> None:
    dora = story.dora
    dora.follow("Import")
    dora.page.get_by_label("People", exact=False).first.set_input_files(PEOPLE)
    dora.page.get_by_label(re.compile("^Nominations")).set_input_files(NOMINATIONS)
    dora.fill("Pattern for addresses", "{label}@example.org")
    dora.press("Look at the files")
    dora.reads("One question first")
    dora.page.get_by_label("friendship (102 rows)").check()
    dora.page.get_by_label("These people have agreed to take part").check()
    dora.press("Go on")
    dora.reads("Nothing has been changed so far")
    assert _figures(dora) >= {("New people", "21"), ("Already in the cohort", "0")}
    people = dora.page.get_by_role("table", name=re.compile("^People"))
    expect(people.get_by_role("row").filter(has_text="A01")).to_contain_text("a01@example.org")
    dora.press("Import", exact=True)
    dora.reads("21 people")
    expect(dora.page.get_by_role("row")).to_have_count(22)
    assert len(story.product.mail.all(lambda mail: LABEL.match(mail.to.upper()) is not None)) == 0


def _figures(visitor: Visitor) -> set[tuple[str, str]]:
    labels = visitor.page.locator("dl.stats dt").all_inner_texts()
    return set(zip(labels, visitor.page.locator("dl.stats dd").all_inner_texts(), strict=True))


def invite_somebody_who_does_not_stay(story: Story) -> None:
    dora = story.dora
    dora.follow("Invitations")
    link = dora.page.get_by_label("Link to copy").input_value()
    dora.fill("Addresses", "Nina Novak <nina@example.org>")
    dora.press("Send the invitations")
    dora.reads("Invited: 1 person")
    mail = story.product.mail.wait_for(about("", to="nina@example.org"))[0]

    jo = story.arrives("Jo")
    jo.open(link)
    jo.reads("Sign up and join")
    jo.reads("Spring")

    nina = story.arrives("Nina")
    nina.open(mail.link("/invitations/"))
    expect(nina.page.get_by_label("Your e-mail address at work")).to_have_value("nina@example.org")
    nina.fill("Your name", "Nina Novak")
    nina.enter_code(nina.button("Send me a code and join"))
    nina.reads("Welcome.")
    nina.reads("About you")

    dora.follow("People", exact=True)
    expect(dora.page.get_by_role("row")).to_have_count(23)
    dora.follow("Nina Novak")
    dora.follow("Remove from the cohort")
    dora.press("Remove", exact=True)
    expect(dora.page.get_by_role("row")).to_have_count(22)
    for visitor in (jo, nina):
        assert visitor.troubles == []


# -- 3 and 4: sign up and nominate -----------------------------------------------------------------


def sign_up_and_nominate(story: Story) -> None:
    first, second = (_signs_up(story, name) for name in ("A04", "A08"))
    first.button("Move A08 up").click()
    first.sees("A08 is now your first wish")
    first.press("I am done")
    first.reads("You are all set")

    _search(second, "A12")
    second.unfolds("A12")
    second.button("Also happy with A12").click()
    second.sees("A12 is among those you would also be happy with")
    expect(second.button("Take back: A12")).to_be_focused()
    _search(second, "A21")
    second.sees("You report to A21")
    _search(second, "A17")
    second.unfolds("A17")
    second.button("Please not with A17").click()
    second.sees("You will not be paired with A17")
    expect(second.page.get_by_label("Your wishes in order").get_by_role("listitem")).to_contain_text(["A04"])
    second.press("I am done")
    story.members = (first, second)


def _signs_up(story: Story, name: str, *, to_the_end: bool = True) -> Visitor:
    """By a code, and on to the profile in two short pages."""
    visitor = story.arrives(name)
    visitor.open("/")
    visitor.follow("Log in with a code by mail")
    visitor.log_in(visitor.page.url)
    if to_the_end:
        visitor.follow("Fill in my profile")
        _fills_in_the_profile(visitor)
    return visitor


def _fills_in_the_profile(visitor: Visitor) -> None:
    visitor.fill(re.compile("^What I work on", re.IGNORECASE), f"{visitor.name}: saying no in time")
    visitor.fill(re.compile("^What great support looks like", re.IGNORECASE), "Ask me hard questions.")
    visitor.unfolds("More about you")
    visitor.fill(re.compile("^What I am looking for", re.IGNORECASE), "Somebody from another department.")
    visitor.press("Save", exact=True)
    visitor.fill("Hours a month", "4")
    visitor.button(re.compile("^Weekdays.*9.*18")).click()
    expect(visitor.page.get_by_role("checkbox", name=re.compile("^Monday, morning"))).to_be_checked()
    visitor.press("Save", exact=True)


def _search(visitor: Visitor, words: str) -> None:
    """As the letters are typed, the list becomes shorter."""
    visitor.fill("Search by name or team", words)
    fellows = visitor.page.get_by_role("region", name="Your cohort").locator("li.fellow")
    expect(fellows.filter(has_text=words)).to_have_count(1)
    expect(fellows).to_have_count(1)


# -- 5: match --------------------------------------------------------------------------------------


def match(story: Story) -> None:
    """The worker is away at first, so that there is something to wait for."""
    dora = story.dora
    dora.open(story.at("matching"))
    dora.reads("21 people can be matched now")
    story.product.stop("worker")
    dora.press("Make a draft")
    dora.reads("A draft is being made")
    expect(dora.page.get_by_role("progressbar")).to_be_visible()
    story.product.start("worker")
    expect(dora.page.get_by_role("heading", level=1)).to_contain_text("Draft of", timeout=30_000)
    dora.reads(re.compile("proven that no better"))
    dora.reads("1 of them is a trio")
    cards = _cards(dora, "Proposed pairings")
    story.pairs = [_people_in(card) for card in cards]
    _check_against_the_rules(story)
    reasons = re.compile(r"named each other|departments?\.|level\.|in common\.|whole cohort")
    assert [card.inner_text() for card in cards if not reasons.search(card.inner_text())] == []
    _check_against_an_integer_programme(story)


def _cards(visitor: Visitor, heading: str) -> list[Locator]:
    return visitor.page.get_by_role("region", name=heading).locator("ul.rows > li").all()


def _people_in(card: Locator) -> frozenset[str]:
    return frozenset(LABEL.findall(card.locator(".pairing").inner_text()))


def _check_against_the_rules(story: Story) -> None:
    with open(PEOPLE, newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    everybody = {row["label"] for row in rows.values()}
    assert sorted(label for pair in story.pairs for label in pair) == sorted(everybody)
    assert sorted(len(pair) for pair in story.pairs) == [2] * 9 + [3]
    lines = {frozenset((row["label"], rows[row["manager_id"]]["label"])) for row in rows.values() if row["manager_id"]}
    assert [pair for pair in story.pairs if any(line <= pair for line in lines)] == []
    assert [pair for pair in story.pairs if {"A08", "A17"} <= pair] == []


def _check_against_an_integer_programme(story: Story) -> None:
    with story.product.models():
        run = MatchRun.objects.get()
        total = sum(run.proposals.values_list("weight", flat=True))
        problem = Problem.from_dict(run.snapshot)
    assert len(problem.people) == 21
    assert total == best_total(problem)


def publish(story: Story) -> None:
    dora = story.dora
    dora.button("Publish", exact=True).click()
    dialog = dora.page.get_by_role("dialog")
    expect(dialog).to_contain_text("21 people will be told by mail now")
    dora.goes_on_by(dialog.get_by_role("button", name="Publish and tell everybody"))
    dora.reads("The pairs are published")
    assert {_people_in(card) for card in _cards(dora, "Who is paired with whom")} == set(story.pairs)
    dora.does_not_read("named each other first")
    mails = story.product.mail.wait_for(about("You are paired with"), count=21)
    told = {frozenset([mail.to[:3].upper(), *LABEL.findall(mail.subject)]) for mail in mails}
    assert told == set(story.pairs)
    assert len(mails) == len({mail.to for mail in mails}) == 21


# -- 6: agree --------------------------------------------------------------------------------------


def agree(story: Story) -> None:
    first, second = story.members = _a_pair(story)
    first.open("/")
    first.reads(f"Agree with {second.name} how you want to do this")
    first.follow(f"You and {second.name}")
    story.pairing = first.page.url
    first.open(f"{story.pairing}sessions/new/")
    first.reads("You can book your first session once all of you have signed")

    first.open("/")
    first.follow("Read and sign")
    first.follow("Change the words")
    first.follow("change it as one text")
    words = first.page.get_by_label("Your agreement")
    words.fill(f"{words.input_value()}\n{AGREED}")
    first.press("Save these words")
    first.reads(AGREED)
    first.press("Sign the agreement")
    first.reads("You have signed")

    waiting = story.product.mail.wait_for(about("waits for your signature", to=second.address))
    second.open(waiting[0].link("/agreement/"))
    second.reads(AGREED)
    second.press("Sign the agreement")
    second.follow("Book a session")
    second.reads(f"Book a session with {first.name}")


def _a_pair(story: Story) -> tuple[Visitor, Visitor]:
    """The pair of A04. Whoever of it has not been here yet comes now, called by the mail, and says when they can."""
    first = story.members[0]
    pair = next(pair for pair in story.pairs if first.name in pair)
    assert len(pair) == 2, "A04 is in the trio; take somebody else for this story"
    name = next(iter(pair - {first.name}))
    known = {visitor.name: visitor for visitor in story.members}
    second = known.get(name) or _signs_up(story, name, to_the_end=False)
    if name not in known:
        second.open(story.at("profile"))
        _fills_in_the_profile(second)
    return first, second


# -- 7: book, move, cancel, be reminded ------------------------------------------------------------


def book_move_and_cancel(story: Story) -> None:
    first, second = story.members
    story.sessions.append(_books(second, story, slot=0))
    invited = _mails_to_both(story, "Session with")
    _check_event(invited, "REQUEST", sequence=0)
    uid = str(invited[0].event["UID"])

    first.open(story.sessions[0])
    first.reads(PLACE)
    first.follow("Move or change it")
    before = invited[0].event["DTSTART"].dt
    _choose_later(first, 4)
    first.press("Move to this time")
    first.reads("Changed. The invitation goes to")
    moved = _mails_to_both(story, "Changed: session with")
    _check_event(moved, "REQUEST", sequence=1)
    assert {str(mail.event["UID"]) for mail in moved} == {uid}
    assert moved[0].event["DTSTART"].dt != before

    other = _books(first, story, slot=8)
    asked = _mails_to_both(story, "Session with", count=2)
    second.open(other)
    second.link("Cancel it").click()
    second.goes_on_by(second.page.get_by_role("dialog").get_by_role("button", name="Cancel the session"))
    second.reads("Cancelled")
    cancelled = _mails_to_both(story, "Cancelled: session with")
    _check_event(cancelled, "CANCEL", sequence=1)
    assert str(cancelled[0].event["UID"]) == str(asked[0].event["UID"]) != uid
    assert str(cancelled[0].event["STATUS"]) == "CANCELLED"


def _books(visitor: Visitor, story: Story, *, slot: int | None = None) -> str:
    """The session's address. The first good time, or a slot of the week after the first one on offer."""
    visitor.open(f"{story.pairing}sessions/new/")
    if slot is None:
        visitor.page.get_by_role("group", name="The next good times").get_by_role("radio").first.check()
    else:
        _choose_later(visitor, slot)
    visitor.page.get_by_label("Where").first.fill(PLACE)
    visitor.press("Book this time")
    visitor.reads("Booked. The invitation goes to")
    return visitor.page.url


def _choose_later(visitor: Visitor, slot: int) -> None:
    """In the next week: more than two days ahead, so that both reminders are of use."""
    visitor.unfolds("More times")
    week = visitor.page.get_by_role("region", name="Week of")
    shown = week.get_by_role("heading").inner_text()
    week.get_by_role("link", name="Later").click()
    expect(week.get_by_role("heading")).not_to_have_text(shown)
    week.locator("label.slot").nth(slot).click()


def _mails_to_both(story: Story, subject: str, count: int = 1) -> list[Mail]:
    """The newest to each of the two, once each has so many."""

    def to(address: str) -> Condition:
        return lambda mail: mail.subject.startswith(subject) and mail.to == address

    return [story.product.mail.wait_for(to(visitor.address), count)[-1] for visitor in story.members]


def _check_event(mails: list[Mail], method: str, sequence: int) -> None:
    assert [(mail.calendar["METHOD"], mail.event["SEQUENCE"]) for mail in mails] == [(method, sequence)] * 2
    assert len({str(mail.event["UID"]) for mail in mails}) == 1
    assert len({mail.event["DTSTART"].dt for mail in mails}) == 1
    assert [mail.event["ATTENDEE"].removeprefix("mailto:") for mail in mails] == [mail.to for mail in mails]


def be_reminded(story: Story) -> None:
    """A day before and an hour before, each exactly once."""
    starts = _starts(_mails_to_both(story, "Changed: session with"))
    reminders = about("Coming up: session with")
    story.product.turn_the_clock_to(starts - timedelta(hours=24) + timedelta(minutes=1))
    assert sorted(mail.to for mail in story.product.mail.wait_for(reminders, count=2)) == _addresses(story)
    story.product.turn_the_clock_to(starts - timedelta(hours=1) + timedelta(minutes=1))
    found = story.product.mail.wait_for(reminders, count=4)
    assert sorted(mail.to for mail in found) == sorted(_addresses(story) * 2)


def _starts(mails: list[Mail]) -> datetime:
    starts = mails[0].event["DTSTART"].dt
    assert isinstance(starts, datetime)
    return starts.astimezone(UTC)


def _addresses(story: Story) -> list[str]:
    return sorted(visitor.address for visitor in story.members)


# -- 8: log ----------------------------------------------------------------------------------------


def log_three_sessions(story: Story) -> None:
    first, second = story.members
    starts = _starts(_mails_to_both(story, "Changed: session with"))
    for number in (1, 2, 3):
        if number > 1:
            story.sessions.append(_books(first, story))
            starts = _starts(_mails_to_both(story, "Session with", count=number + 1))  # one was cancelled
        story.product.turn_the_clock_to(starts + timedelta(minutes=60 + 35))
        story.product.mail.wait_for(about("How was your session with"), count=2 * number)
        _logs(first, story, number)
        _logs(second, story, number)
        _reads_the_log(second, first)
    total = len(story.product.mail.all(about("Coming up: session with")))
    assert total == 4, "the later sessions were over before their reminders could be of use"


def _logs(visitor: Visitor, story: Story, number: int) -> None:
    """One minute: who was coached, what to remember, what to do."""
    other = next(one for one in story.members if one is not visitor)
    visitor.open("/")
    if visitor is story.members[0]:
        visitor.reads(f"How was your session with {other.name}?")
        visitor.follow("Log the session")
    else:
        visitor.open(f"{story.sessions[-1]}log/")
    if number > 1:
        done = visitor.page.get_by_role("group", name=re.compile("^What you have done since")).get_by_role("checkbox")
        expect(done).to_have_count(1)
        visitor.reads(f"{WILL_DO}, {visitor.name} {number - 1}")
        if visitor is story.members[0]:
            visitor.reads(f"{WILL_DO}, {other.name} {number - 1}")
        done.check()
    visitor.page.get_by_label("It took place").check()
    visitor.fill("A note for yourself", f"{PRIVATE}, {visitor.name} {number}")
    visitor.unfolds("Share a note")
    visitor.fill("A note to share", f"{SHARED}, {visitor.name} {number}")
    visitor.fill("One thing", f"{WILL_DO}, {visitor.name} {number}")
    visitor.press("Save", exact=True)
    visitor.reads("Took place")
    visitor.reads(f"{PRIVATE}, {visitor.name} {number}")


def _reads_the_log(visitor: Visitor, other: Visitor) -> None:
    """The turns, and of the other what they shared; not what they kept for themselves."""
    visitor.reads("Turn 1, 30 minutes")
    visitor.reads("Turn 2, 30 minutes")
    visitor.reads(f"{SHARED}, {other.name}")
    visitor.reads(f"{WILL_DO}, {other.name}")
    visitor.does_not_read(f"{PRIVATE}, {other.name}")


# -- 9: reflect ------------------------------------------------------------------------------------


def reflect(story: Story) -> None:
    first, second = story.members
    prompts = story.product.mail.wait_for(about("A moment to reflect"), count=2)
    assert sorted(mail.to for mail in prompts) == _addresses(story)
    second.open("/")
    second.reads(f"Take a moment to reflect on your sessions with {first.name}")

    first.open("/")
    first.follow("Start reflecting")
    first.fill(re.compile("^What works well"), WORKS)
    first.fill(re.compile("^What does not work"), DOES_NOT)
    first.press("Save, and choose what to share")
    first.page.get_by_label(WORKS).check()
    first.press("Done", exact=True)
    first.reads("What you shared with each other")
    first.reads(f"{second.name} has not answered yet")
    first.reads(WORKS)
    first.does_not_read(DOES_NOT)

    second.open(f"{story.pairing}reflection/")
    second.reads("Time to reflect")
    second.does_not_read(WORKS)
    second.fill(re.compile("^What would you like to change"), f"{DOES_NOT}, says the other too")
    second.press("Save, and choose what to share")
    second.press("Done", exact=True)
    second.reads(WORKS)
    second.does_not_read(DOES_NOT)
    assert len(story.product.mail.all(about("A moment to reflect"))) == 2


# -- 10: follow ------------------------------------------------------------------------------------


def follow(story: Story) -> None:
    dora = story.dora
    dora.log_in_again()  # a lead's log-in ends after twelve hours without a visit
    dora.follow("Open the cohort")
    path = dora.page.request.get(f"{dora.page.url}figures/path/").text()
    counts = {row[0]: row[1] for row in csv.reader(path.lstrip("\ufeff").splitlines()) if len(row) > 1}
    assert counts["Joined"] == counts["Paired"] == "21"
    assert counts["Had a first session"] == "2"
    assert "Reflected" not in counts  # of two people, a number would say who
    rows = dora.page.get_by_role("table", name=re.compile("^Rhythm of the pairings")).get_by_role("row")
    expect(rows).to_have_count(11)
    names = [one.name for one in story.members]
    held = rows.filter(has_text=names[0]).filter(has_text=names[1])
    expect(held.get_by_role("cell")).to_have_text(["signed", "3", "today", "no session booked"])

    olga = story.arrives("Olga")
    olga.log_in()
    olga.follow("Overview")
    row = olga.page.get_by_role("row", name=re.compile("Spring"))
    expect(row.get_by_role("cell")).to_contain_text(["", "21", "21", "3", "0"])
    assert olga.troubles == []


def keep_it_between_them(story: Story) -> None:
    """What they said to each other stands on no page that the lead or the administrator can open, and in no mail."""
    olga = story.arrives("Olga")
    olga.log_in()
    for visitor, starts in ((story.dora, [story.cohort]), (olga, ["/overview/", "/admin/"])):
        pages = pages_within_reach(visitor, *starts)
        assert len(pages) > 12
        leaks = {(secret, page) for page, source in pages.items() for secret in HIDDEN_FROM_LEADS if secret in source}
        assert leaks == set()
        assert {address: visitor.status_of(address) for address in _pages_of_the_pair(story)} == dict.fromkeys(
            _pages_of_the_pair(story), 404
        )
    mails = [mail.everything for mail in story.product.mail]
    assert [secret for secret in SECRETS for mail in mails if secret in mail] == []
    for visitor in story.members:
        pages = pages_within_reach(visitor)
        assert any(SHARED in source for source in pages.values()), "the crawl finds what there is to find"


def _pages_of_the_pair(story: Story) -> list[str]:
    pages = [story.pairing, *(f"{story.pairing}{part}/" for part in ("agreement", "sessions/new", "reflection"))]
    for session in story.sessions:
        pages += [session, *(f"{session}{part}" for part in ("log/", "move/", "cancellation/", "calendar.ics"))]
    return [*pages, *(f"/reflections/{number}/" for number in (1, 2)), "/reflections/1/sharing/"]
