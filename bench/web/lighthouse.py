"""Google's Lighthouse on a page, as a telephone with a slow connection sees it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _stack import debian
from _stack.folders import ROOT, make_folder
from _stack.ports import LOOPBACK, answers, free_port, wait_until
from _stack.processes import Child
from _stack.testing import LOGS
from playwright.sync_api import sync_playwright

from bench.web.pages import Page

SOURCE = Path(__file__).parent
KEPT = ROOT / "var" / "cache"
FLAGS = [
    *("--headless=new", "--no-sandbox", "--ignore-certificate-errors", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--disable-quic",
]
MEASURES = ("cumulative-layout-shift", "first-contentful-paint", "largest-contentful-paint", "total-blocking-time")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True)
class Seen:
    """Of one visit by a browser that has never been here. Bytes as sent; ``unpacked`` as they are then read."""

    scores: tuple[int, ...]
    shift: float
    first: float
    largest: float
    blocked: float
    sent: int
    unpacked: int
    requests: int
    machine: float
    """Lighthouse's own figure for the machine at that moment: a calm desktop has 1,000 and more."""
    complaints: tuple[str, ...]

    @property
    def performance(self) -> int:
        return self.scores[0]


def tool() -> Path:
    """Installed on first use into a folder that git ignores."""
    names = ("package.json", "package-lock.json")
    mark = hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in names)).hexdigest()[:12]
    folder = KEPT / f"web-{mark}"
    command = folder / "node_modules" / ".bin" / "lighthouse"
    if not command.exists():
        if not shutil.which("npm") and debian.can_install():
            debian.install(["nodejs", "npm"], "for Lighthouse", LOGS / "install.log")
        make_folder(folder)
        for name in names:
            shutil.copy(SOURCE / name, folder)
        quiet = {**os.environ, "npm_config_cache": str(KEPT / "npm")}
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, env=quiet, check=True)
    return command


def look(base: str, page: Page, browser: str, runs: int, folder: Path) -> Seen:
    """The middle one of so many runs, by the score of its performance."""
    seen = sorted((_once(base, page, browser, folder) for _ in range(runs)), key=lambda one: one.performance)
    return seen[(len(seen) - 1) // 2]


def _once(base: str, page: Page, browser: str, folder: Path) -> Seen:
    report = folder / "report.json"
    with _fresh_browser(browser, folder / "profile") as port:
        if page.cookie:
            _log_in(port, base, page.cookie)
        command = [tool(), base + page.path, "--quiet", "--output=json", f"--output-path={report}", f"--port={port}",
                   f"--only-categories={','.join(CATEGORIES)}"]  # fmt: skip
        subprocess.run(command, check=True, timeout=240)
    return _read(json.loads(report.read_text()))


@contextmanager
def _fresh_browser(browser: str, profile: Path) -> Iterator[int]:
    """One that has never been anywhere; the port by which it is told what to do."""
    shutil.rmtree(profile, ignore_errors=True)
    port = free_port()
    places = [f"--user-data-dir={profile}", f"--remote-debugging-port={port}", "about:blank"]
    child = Child("chromium", [browser, *FLAGS, *places], LOGS / "bench-chromium.log")
    child.start()
    try:
        if not wait_until(lambda: answers(port), 60):
            raise SystemExit(f"The browser does not start:\n{child.last_words(20)}")
        yield port
    finally:
        child.stop()


def _log_in(port: int, base: str, key: str) -> None:
    with sync_playwright() as playwright:
        there = playwright.chromium.connect_over_cdp(f"http://{LOOPBACK}:{port}")
        there.contexts[0].add_cookies([{"name": "__Host-session", "value": key, "url": base, "secure": True}])
        there.close()


def _read(report: dict[str, Any]) -> Seen:
    audits = report["audits"]
    if report.get("runtimeError"):
        raise SystemExit(f"Lighthouse: {report['runtimeError']['message']}")
    loaded = [row for row in audits["network-requests"]["details"]["items"] if row["url"].startswith("http")]
    number = {name: float(audits[name].get("numericValue") or 0) for name in MEASURES}
    return Seen(
        scores=tuple(round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES),
        shift=number["cumulative-layout-shift"],
        first=number["first-contentful-paint"],
        largest=number["largest-contentful-paint"],
        blocked=number["total-blocking-time"],
        sent=sum(row.get("transferSize") or 0 for row in loaded),
        unpacked=sum(row.get("resourceSize") or 0 for row in loaded),
        requests=len(loaded),
        machine=float(report["environment"]["benchmarkIndex"]),
        complaints=tuple(_complaints(report)),
    )


def _complaints(report: dict[str, Any]) -> list[str]:
    """What costs points outside of performance."""
    refs = [ref for name in CATEGORIES[1:] for ref in report["categories"][name]["auditRefs"] if ref["weight"]]
    audits = [report["audits"][ref["id"]] for ref in refs]
    return [f"{one['id']}: {one['title']}" for one in audits if one["score"] is not None and one["score"] < 1]
