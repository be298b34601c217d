"""axe over the main pages in every state that they can be brought into, in both themes."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from bench.web.pages import Page as OurPage
from tests.browser.axe import violations

SIZES = ({"width": 1280, "height": 900}, {"width": 360, "height": 740})
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"]

OPEN_MENU = "document.querySelectorAll('details[data-menu]').forEach((one) => { one.open = true; })"
OPEN_DIALOG = "document.querySelector('main dialog, body > dialog[id]:not(#confirm-dialog)')?.showModal()"
HAS_DIALOG = "Boolean(document.querySelector('main dialog, body > dialog[id]:not(#confirm-dialog)'))"
SAY_IT_FAILED = """() => document.getElementById("toasts")
  .replaceChildren(document.getElementById("toast-error").content.cloneNode(true))"""
SEND_NOTHING = """(form) => {
  form.querySelectorAll("textarea, input:is([type=text], [type=email])").forEach((one) => { one.value = ""; });
  form.querySelectorAll(":checked").forEach((one) => { one.checked = false; });
  HTMLFormElement.prototype.submit.call(form);
}"""
REFUSABLE = "main form[method=post]:has(button.button-primary):not([data-confirm])"


def all_complaints(base: str, pages: list[OurPage], browser: str) -> tuple[int, list[str]]:
    """How many states were looked at, and what was found in them."""
    looked, found = 0, []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=SWITCHES)
        for page in pages:
            for state, seen in _states(chromium, base, page):
                looked += 2  # light and dark
                found += [f"{page.name}, {state}: {one}" for one in seen]
        chromium.close()
    return looked, found


def _states(chromium: Browser, base: str, page: OurPage) -> Iterator[tuple[str, list[str]]]:
    for size in SIZES:
        here = _opened(chromium, base, page, size)
        yield f"at {size['width']}", violations(here)
        here.evaluate(OPEN_MENU)
        here.evaluate(SAY_IT_FAILED)
        yield f"at {size['width']}, menu open, with a toast", violations(here, ".site-header, .toasts")
        if here.evaluate(HAS_DIALOG):
            here.evaluate(OPEN_DIALOG)
            yield f"at {size['width']}, asked in a dialog", violations(here, "dialog[open]")
        here.context.close()
    yield from _refused(chromium, base, page)


def _refused(chromium: Browser, base: str, page: OurPage) -> Iterator[tuple[str, list[str]]]:
    """The page's own form, sent with nothing in it."""
    here = _opened(chromium, base, page, SIZES[1])
    form = here.locator(REFUSABLE).first
    if form.count():
        with here.expect_navigation() as sent:
            form.evaluate(SEND_NOTHING)
        if sent.value and sent.value.status == 422:
            yield "refused", violations(here)
    here.context.close()


def _opened(chromium: Browser, base: str, page: OurPage, size: dict[str, int], **more: object) -> Page:
    context = chromium.new_context(base_url=base, ignore_https_errors=True, viewport=size, **more)  # type: ignore[arg-type]
    if page.cookie:
        session = {"name": "__Host-session", "value": page.cookie, "url": base, "secure": True}
        context.add_cookies([session])  # type: ignore[list-item]
    here = context.new_page()
    answer = here.goto(page.path)
    assert answer is not None and answer.status == 200 and answer.url == base + page.path, f"{page.name}: {answer}"
    return here
