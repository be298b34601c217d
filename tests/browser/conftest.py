"""Real browsers at the real product. Everything started here is ended here, also when a test fails."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from _stack.processes import tail
from playwright.sync_api import Browser, Error, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.browser import databases
from tests.browser.product import ROOT, Product
from tests.browser.visitors import Visitor

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",  # half of what each window costs, for a bar unseen
]
ZONES = re.compile(r"^[A-Z]\w+/\S.*\n", re.MULTILINE)  # a select lists them all
PICTURES = ROOT / "var" / "log" / "test" / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ended with its module: its event loop would keep Django from the database in the tests that follow."""
    chromium = os.environ.get("BUDDYING_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        pytest.fail("There is no Chromium: name one with BUDDYING_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def idle_product(
    request: pytest.FixtureRequest,
    migrated_database: str,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Product]:
    """Set up, and nothing of it started."""
    purpose = request.path.stem.removeprefix("test_")
    name = databases.name_for(purpose)
    databases.make(name, like=migrated_database)
    product = Product(tmp_path_factory.mktemp(purpose), name, django_db_blocker)
    try:
        yield product
    finally:
        product.end()
        databases.drop(name)


@pytest.fixture(scope="module")
def product(idle_product: Product, request: pytest.FixtureRequest) -> Product:
    """Running; a module that needs only some processes names them in ``PROCESSES``."""
    idle_product.start(*getattr(request.module, "PROCESSES", ()))
    return idle_product


@pytest.fixture
def arrives(browser: Browser, product: Product, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """``arrives("Dora")`` is a person at a browser of her own."""
    visitors: list[Visitor] = []

    def arrive(name: str, address: str = "", kind: type[Visitor] = Visitor, **settings: Any) -> Visitor:
        visitors.append(kind.arrives(browser, product, name, address, **settings))
        return visitors[-1]

    request.node.visitors = visitors
    yield arrive
    for visitor in visitors:
        visitor.context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.failed:
        report.sections += [*_what_is_seen(item), *_what_was_logged(item)]
    return report


def _what_is_seen(item: pytest.Item) -> Iterator[tuple[str, str]]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for visitor in getattr(item, "visitors", ()):
        picture = PICTURES / f"{item.name}-{visitor.name}.png"
        try:
            visitor.page.screenshot(path=picture, full_page=True)
            seen = [ZONES.sub("", visitor.words)[:5000], *visitor.troubles, f"Picture: {picture}"]
        except Error as error:
            seen = [str(error)]
        yield f"{visitor.name} at {visitor.page.url}", "\n".join(seen)


def _what_was_logged(item: pytest.Item) -> Iterator[tuple[str, str]]:
    used = getattr(item, "funcargs", {})
    product = used.get("product") or used.get("idle_product")
    for log in sorted(product.folder.glob("log/*.log")) if product else []:
        yield f"last lines of {log.name}", tail(log, 25)
