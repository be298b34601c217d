"""Power cuts. A process that is killed loses no message, sends none twice or late, and breaks no page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from buddying.models import Cohort
from matching.models import Pairing
from outbox.models import DropReason, Message
from sessions_log.models import CoachingSession
from tests.browser.cast import DAY, HOUR, Cast, person
from tests.browser.mailbox import Mail, about
from tests.browser.product import Product
from tests.browser.visitors import Visitor

SOON = timedelta(seconds=2)
MANY = 12


@pytest.fixture(scope="module")
def cast(product: Product) -> Cast:
    with product.models():
        return Cast.enters(product.now())


@pytest.fixture(scope="module")
def cohort(product: Product, cast: Cast) -> Cohort:
    with product.models():
        return cast.cohort("Spring", days_to_start=-7)


@pytest.fixture(scope="module")
def dora(browser: Browser, product: Product, cast: Cast) -> Visitor:
    dora = Visitor.arrives(browser, product, "Dora")
    dora.log_in()
    return dora


@pytest.fixture(autouse=True)
def everything_runs(product: Product) -> None:
    product.start_what_is_missing()


@pytest.fixture
def a_pair(product: Product, cast: Cast, cohort: Cohort) -> Callable[..., Pairing]:
    def make(*names: str) -> Pairing:
        return cast.pair(*(cast.takes_part(person(name), cohort) for name in names))

    return make


def starting(product: Product, starts_at: datetime, pairing: Pairing, cast: Cast) -> CoachingSession:
    """Booked long ago, so that its reminders are due at the right time before it."""
    cast.now = product.now()
    return cast.meets(pairing, starts_at)


def reminders_to(product: Product, *names: str) -> list[Mail]:
    addresses = {f"{name.lower()}@example.org" for name in names}
    return product.mail.all(lambda mail: "Coming up" in mail.subject and mail.to in addresses)


def reminded_once(product: Product, *names: str) -> None:
    product.wait_until(lambda: len(reminders_to(product, *names)) >= len(names), f"{names} are reminded")
    assert sorted(mail.to for mail in reminders_to(product, *names)) == sorted(
        f"{n.lower()}@example.org" for n in names
    )


def main_pages_stand(visitor: Visitor, cohort: Cohort) -> None:
    pages = ["/", "/programmes/", f"/cohorts/{cohort.pk}/", "/privacy/", "/help/"]
    pages += [f"/cohorts/{cohort.pk}/{part}/" for part in ("people", "invitations", "import", "matching", "edit")]
    assert {page: visitor.status_of(page) for page in pages} == dict.fromkeys(pages, 200)


def test_without_the_worker_reminders_go_out(
    product: Product, cast: Cast, cohort: Cohort, dora: Visitor, a_pair: Callable[..., Pairing]
) -> None:
    product.kill("worker")
    with product.models():
        starting(product, product.now() + DAY + SOON, a_pair("Ada", "Ben"), cast)
    main_pages_stand(dora, cohort)
    reminded_once(product, "Ada", "Ben")
    product.start("worker")


def test_without_the_loop_the_worker_sends(
    product: Product, cast: Cast, cohort: Cohort, dora: Visitor, a_pair: Callable[..., Pairing]
) -> None:
    product.kill("outbox")
    with product.models():
        starting(product, product.now() + DAY + SOON, a_pair("Cleo", "Dan"), cast)
    main_pages_stand(dora, cohort)
    reminded_once(product, "Cleo", "Dan")
    product.start("outbox")


def test_what_became_due_while_nobody_sent_is_sent_once_and_never_late(
    product: Product, cast: Cast, cohort: Cohort, dora: Visitor, a_pair: Callable[..., Pairing]
) -> None:
    product.kill("outbox")
    product.kill("worker")
    with product.models():
        starting(product, product.now() + DAY + SOON, a_pair("Eva", "Finn"), cast)
        begun = starting(product, product.now() + SOON, a_pair("Gus", "Hana"), cast)
    main_pages_stand(dora, cohort)
    with product.models():
        product.wait_until(begun.has_begun, "the session of Gus and Hana has begun")
        product.wait_until(lambda: _due("session_reminder") >= 2, "the reminders of Eva and Finn are due")
    product.start("outbox", "worker")
    reminded_once(product, "Eva", "Finn")
    with product.models():
        late = Message.objects.filter(kind="session_reminder", about_id=str(begun.pk))
        product.wait_until(lambda: not late.waiting().exists(), "the late reminders are settled")
        assert set(late.values_list("drop_reason", flat=True)) == {DropReason.TOO_LATE}
    assert reminders_to(product, "Gus", "Hana") == []


def _due(kind: str) -> int:
    return Message.objects.due().filter(kind=kind).count()


def test_without_redis_pages_stand_and_matching_waits_for_it(
    product: Product, cast: Cast, cohort: Cohort, dora: Visitor, a_pair: Callable[..., Pairing]
) -> None:
    with product.models():
        later = cast.cohort("Summer", days_to_start=21)
        for name in ("Ida", "Jan", "Kim", "Lea"):
            cast.takes_part(person(name), later)
    product.kill("redis")
    with product.models():
        starting(product, product.now() + DAY + SOON, a_pair("Mia", "Ned"), cast)
    main_pages_stand(dora, cohort)
    dora.log_in_again()
    assert dora.context.request.get("/health/").json() == {"database": "ok", "redis": "away"}

    dora.open(f"/cohorts/{later.pk}/matching/")
    dora.press("Make a draft")
    expect(dora.page.get_by_role("progressbar")).to_be_visible()
    reminded_once(product, "Mia", "Ned")

    product.start("redis")
    expect(dora.page.get_by_role("heading", level=1)).to_contain_text("Draft of", timeout=60_000)
    assert dora.context.request.get("/health/").json() == {"database": "ok", "redis": "ok"}


def test_a_loop_killed_while_it_sends_loses_nothing(
    product: Product, cast: Cast, a_pair: Callable[..., Pairing]
) -> None:
    """What it held is free again when its lease ends; at most the one mail under way is sent again, the same."""
    names = [(f"Olaf{number}", f"Pia{number}") for number in range(MANY)]
    product.kill("outbox")
    product.kill("worker")
    with product.models():
        for first, second in names:
            starting(product, product.now() + 23 * HOUR, a_pair(first, second), cast)
    everybody = [name for pair in names for name in pair]
    product.start("outbox")
    product.wait_until(lambda: len(reminders_to(product, *everybody)) >= 3, "some have been reminded")
    product.kill("outbox")
    assert len(reminders_to(product, *everybody)) < len(everybody), "it was killed too late to prove anything"
    product.turn_the_clock_to(product.now() + timedelta(minutes=2))
    product.start("outbox", "worker")
    product.wait_until(lambda: len(_ids(product, everybody)) == len(everybody), "all have been reminded")
    with product.models():
        product.wait_until(lambda: not Message.objects.due().exists(), "nothing is left to send")
    mails = reminders_to(product, *everybody)
    assert len(_ids(product, everybody)) == len(everybody)
    assert set(Counter(mail.to for mail in mails)) == {f"{name.lower()}@example.org" for name in everybody}
    assert len(mails) <= len(everybody) + 1
    assert product.mail.all(about("Session with", to="olaf0@example.org"))


def _ids(product: Product, names: list[str]) -> set[str]:
    return {str(mail.message["Message-ID"]) for mail in reminders_to(product, *names)}
