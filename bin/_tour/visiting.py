"""Going to a stop as the person it belongs to, logged in by a code as everybody is."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from _tour.stops import VISITOR, Stop

CODE = re.compile(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", re.MULTILINE)
PATIENCE = 60.0


class Lost(Exception):
    """A page has no link or button that leads on."""


@dataclass
class Guide:
    """Knows the demo's people, and where each stop lies once it has been there."""

    browser: Browser
    base: str
    mail: Path
    states: dict[str, Any] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def address_of(self, stop: Stop) -> str:
        if stop.name not in self.addresses:
            context = self.browser.new_context(base_url=self.base, storage_state=self.state_of(stop.who))
            self.addresses[stop.name] = self._walk(context.new_page(), stop)
            context.close()
        return self.addresses[stop.name]

    def state_of(self, who: str) -> Any:
        """Cookies, as Playwright keeps them."""
        if who != VISITOR and who not in self.states:
            self.states[who] = self._log_in(f"{who}@demo.example")
        return self.states.get(who)

    def _log_in(self, address: str) -> Any:
        context = self.browser.new_context(base_url=self.base)
        page = context.new_page()
        page.goto("/accounts/login/code/")
        known = self._codes(address)
        page.locator("input[name=email]").fill(address)
        page.locator("main button[type=submit]").first.click()
        page.locator("input[name=code]").fill(self._new_code(address, known))
        with page.expect_navigation():
            page.locator("main button[type=submit]").first.click()
        state = context.storage_state()
        context.close()
        return state

    def _new_code(self, address: str, known: list[str]) -> str:
        until = time.monotonic() + PATIENCE
        while (codes := self._codes(address)) == known:
            if time.monotonic() > until:
                raise Lost(f"no code came to {address}")
            time.sleep(0.1)
        return codes[-1]

    def _codes(self, address: str) -> list[str]:
        mails = (message_from_bytes(one.read_bytes(), policy=policy.default) for one in sorted(self.mail.glob("*.eml")))
        texts = (mail.get_body(("plain",)).get_content() for mail in mails if address in str(mail["To"]))
        return [found[1] for text in texts if (found := CODE.search(text))]

    def _walk(self, page: Page, stop: Stop) -> str:
        page.goto(stop.way[0])
        for pattern in stop.way[1:]:
            page.goto(_link(page, pattern, stop))
        if stop.then and not page.url.endswith(stop.then):
            page.goto(page.url + stop.then)
        if stop.press:
            _press(page, stop)
        return page.url.removeprefix(self.base)


def _link(page: Page, pattern: str, stop: Stop) -> str:
    """By its address, or by its words."""
    links = page.locator("main a[href]").evaluate_all(
        "all => all.map(a => [a.getAttribute('href'), a.textContent.trim()])"
    )
    links += page.locator("a[href]").evaluate_all("all => all.map(a => [a.getAttribute('href'), a.textContent.trim()])")
    for href, words in links:
        if re.search(pattern, href) or pattern in words:
            return str(href)
    raise Lost(f"{stop.name}: no link like “{pattern}” on {page.url}")


def _press(page: Page, stop: Stop) -> None:
    """And wait until what was asked for is there: the address of a run with its drafts."""
    page.get_by_role("button", name=re.compile(stop.press)).first.click()
    page.wait_for_url(re.compile(r"/runs/\d+/"))
    until = time.monotonic() + PATIENCE
    while page.locator(".progress, [data-progress]").count():
        if time.monotonic() > until:
            raise Lost(f"{stop.name}: it did not end")
        time.sleep(0.5)
        page.reload()
