"""Are the main pages quick, light and accessible? ``bench/web.sh`` on servers and a demo of its own.

Lighthouse's mobile profile (a middling telephone on slow 4G, simulated) on eight pages, then axe on their states in
both themes. Ends with 1 where a page has less than 95 for performance or 100 for accessibility and best practices,
weighs more than 150 kB on a first visit, shifts, or breaks a rule of axe.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from _stack.browser import ensure_browser
from _stack.folders import ROOT
from _stack.speech import say
from _stack.testing import LOGS

from bench.web import lighthouse, pages, report, serving, states

LOAD = os.getloadavg()[0]
DOCS = ROOT / "docs" / "web.md"


def main() -> int:
    asked = argparse.ArgumentParser("bench/web.sh", description=__doc__)
    asked.add_argument("--runs", type=int, default=3, help="of Lighthouse on each page; the middle one counts")
    asked.add_argument("--only", metavar="PART", default="", help="only pages with this in their name")
    asked.add_argument("--skip", choices=["lighthouse", "axe"], help="leave one of them out")
    asked.add_argument("--write-docs", action="store_true", help="put the tables into docs/web.md")
    given = asked.parse_args()
    with serving.product() as base:
        return _measure(base, given)


def _measure(base: str, given: argparse.Namespace) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddying.settings")
    django.setup()
    browser = ensure_browser(LOGS / "install.log")
    chosen = [page for page in pages.main_pages() if given.only in page.name]
    results = {} if given.skip == "lighthouse" else _lighthouse(base, chosen, browser, given.runs)
    looked, broken = (0, []) if given.skip == "axe" else states.all_complaints(base, chosen, browser)
    lines = _tell(results, looked, broken, given.runs)
    if given.write_docs:
        report.write(DOCS, lines)
    missed = report.misses(results)
    print("\n".join(["", *missed, *broken, "Held." if not missed + broken else "Not held."]), flush=True)
    return 1 if missed or broken else 0


def _lighthouse(base: str, chosen: list[pages.Page], browser: str, runs: int) -> report.Results:
    lighthouse.tool()
    folder, results = Path(os.environ["BUDDYING_DATA"]), {}
    for page in chosen:
        results[page.name] = seen = lighthouse.look(base, page, browser, runs, folder)
        say(f"{page.name}: {' '.join(map(str, seen.scores))}, {report.kilobytes(seen.sent)}, {seen.requests} requests")
        for complaint in seen.complaints:
            say(f"    {complaint}")
    return results


def _tell(results: report.Results, looked: int, broken: list[str], runs: int) -> list[str]:
    when = (
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} processors, load {LOAD:.0f} before, the middle of {runs} runs."
    )
    if results:
        slowest = min(results.values(), key=lambda seen: seen.machine)
        when += f" Lighthouse rated the machine {slowest.machine:.0f} at its slowest; a calm one has 1,000 and more."
    lines = [when, "", *report.table(results), "", *report.beside_others(results), ""] if results else []
    if looked:
        lines.append(f"axe: {len(broken)} violations in {looked} states of these pages, light and dark.")
    print("\n" + "\n".join(lines), flush=True)
    return lines


sys.exit(main())
