"""People at their browsers. What they do, they do as people do: by labels, names of buttons and what they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.browser.mailbox import about
from tests.browser.product import Product

CODE = re.compile(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", re.MULTILINE)
PATIENCE = 45_000  # milliseconds, on a machine that others use as well
expect.set_options(timeout=PATIENCE / 3)
SLOW_LINE = "was preloaded using link preload but not used"  # the browser's word for a busy machine


@dataclass
class Visitor:
    """One person with a browser of their own. ``troubles`` gathers what a browser complains about."""

    name: str
    address: str
    product: Product
    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)

    @classmethod
    def arrives(cls, browser: Browser, product: Product, name: str, address: str = "", **settings: object) -> Visitor:
        context = browser.new_context(base_url=product.url, **settings)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        visitor = cls(name, address or f"{name.lower()}@example.org", product, context, context.new_page())
        context.on("console", visitor._heard)
        context.on("weberror", lambda error: visitor.troubles.append(f"script: {error.error}"))
        context.on("response", visitor._answered)
        return visitor

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and SLOW_LINE not in message.text:
            self.troubles.append(f"console at {message.page.url if message.page else ''}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status} for {response.request.method} {response.url}")

    # -- going about -----------------------------------------------------------------------------

    def open(self, address: str) -> Page:
        answer = self.page.goto(address)
        assert answer is not None and answer.status == 200, f"{answer and answer.status} for {address}"
        return self.page

    def status_of(self, address: str) -> int:
        return self.context.request.get(address, max_redirects=0).status

    def follow(self, name: str | re.Pattern[str], *, exact: bool = False) -> None:
        self.goes_on_by(self.link(name, exact=exact))

    def press(self, name: str | re.Pattern[str], *, exact: bool = False) -> None:
        self.goes_on_by(self.button(name, exact=exact))

    def goes_on_by(self, control: Locator) -> None:
        """Click, and wait for the next page to stand."""
        with self.page.expect_navigation():
            control.click()

    def link(self, name: str | re.Pattern[str], *, exact: bool = False) -> Locator:
        return self.page.get_by_role("link", name=name, exact=exact).first

    def button(self, name: str | re.Pattern[str], *, exact: bool = False) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact).first

    def fill(self, label: str | re.Pattern[str], value: str) -> None:
        self.page.get_by_label(label).first.fill(value)

    def clicks(self, control: Locator) -> None:
        """Whether a page or a piece of one comes."""
        control.click()

    def ticks(self, control: Locator) -> None:
        control.check()

    def unfolds(self, name: str) -> None:
        """What stands behind a disclosure, if it does not stand open already."""
        fold = self.page.locator("main summary").filter(has_text=name).first
        if not fold.evaluate("summary => summary.parentElement.open"):
            self.clicks(fold)
        expect(fold.locator("..")).to_have_attribute("open", "")

    def reads(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("body")).to_contain_text(text)

    def sees(self, text: str | re.Pattern[str]) -> None:
        """In the page itself; what is only read out does not count."""
        expect(self.page.locator("main").get_by_text(text).first).to_be_visible()

    def does_not_read(self, text: str) -> None:
        assert text not in self.page.content()

    @property
    def words(self) -> str:
        return self.page.locator("body").inner_text()

    @contextmanager
    def expecting_refusals(self) -> Iterator[None]:
        """A status of 4xx is what this part is about, and no trouble."""
        before = list(self.troubles)
        yield
        self.page.wait_for_load_state()
        self.troubles[:] = before

    # -- the door --------------------------------------------------------------------------------

    def log_in(self, address: str = "/accounts/login/code/") -> Page:
        """Ask for a code, read it in the mail, enter it."""
        self.open(address)
        self.fill("Your e-mail address at work", self.address)
        return self.enter_code(self.button(re.compile("code", re.IGNORECASE)))

    def log_in_again(self) -> Page:
        self.context.clear_cookies()
        return self.log_in()

    def enter_code(self, asking: Locator) -> Page:
        """``asking`` is the button that sends the mail; one mail more than before then holds the code."""
        before = len(self.codes())
        self.goes_on_by(asking)
        self.product.wait_until(lambda: len(self.codes()) > before, f"a code came to {self.address}")
        self.fill("The code from the mail", self.codes()[-1])
        self.goes_on_by(self.page.locator("main").get_by_role("button").first)
        return self.page

    def codes(self) -> list[str]:
        mails = self.product.mail.all(about("code", to=self.address))
        return [found[1] for mail in mails if (found := CODE.search(mail.text))]
