"""bin/screenshots: the demo on servers of its own, at a fixed moment, and a browser that goes through its pages."""

import argparse
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from _stack import packages
from _stack.browser import ensure_browser, ensure_driver
from _stack.folders import ROOT, make_folder
from _stack.keeping import Keeper
from _stack.ports import LOOPBACK, free_port
from _stack.preparing import prepare
from _stack.processes import interrupt, on_a_request_to_stop
from _stack.product import is_healthy, product
from _stack.speech import say, timed
from _stack.starting import with_trouble_said
from _stack.testing import LOGS, scratch, servers

HELP = "Goes through the demo and writes pictures of its main pages, with an index.html to look through them."
MOMENT = datetime(2026, 10, 13, 8, 20, tzinfo=UTC)  # a Tuesday on which the demo's cohorts fit their names
CLOCK = ROOT / "tests" / "browser" / "clock"
PICTURED = ROOT / "var" / "screenshots"
NEEDED = ("mail", "worker", "outbox", "web")


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    on_a_request_to_stop(interrupt)
    os.umask(0o022)
    return with_trouble_said(lambda: _picture(options))


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bin/screenshots", description=HELP)
    parser.add_argument("folder", nargs="?", type=Path, default=PICTURED, help="default: var/screenshots")
    parser.add_argument("--docs", action="store_true",
                        help="write only what the README and the landing page show, where they show it")  # fmt: skip
    parser.add_argument("--only", metavar="NAME", action="append", default=[], help="only this page; may be repeated")
    return parser.parse_args(arguments)


def _picture(options: argparse.Namespace) -> int:
    make_folder(LOGS)
    logs = make_folder(ROOT / "var" / "log" / "screenshots")
    packages.ensure_packages(packages.DEVELOPMENT, logs / "install.log")
    ensure_driver(logs / "install.log")
    chromium = ensure_browser(logs / "install.log")
    with scratch() as folder, servers(folder) as given:
        environment = {**given, **settings(folder), "BUDDYING_CHROMIUM": chromium}
        prepare(environment, logs, None)
        with running(environment, folder, logs):
            return _go_round(options, environment, folder)


def settings(folder: Path, now: datetime | None = None) -> dict[str, str]:
    """The demo's data without its banner, in processes that believe that it is MOMENT."""
    ahead = MOMENT - (now or datetime.now(UTC))
    return {
        "BUDDYING_MODE": "development",
        "BUDDYING_DATA": str(make_folder(folder / "data")),
        "BUDDYING_BASE_URL": f"http://{LOOPBACK}:{free_port()}",
        "BUDDYING_SMTP_URL": f"smtp://{LOOPBACK}:{free_port()}",
        "BROWSER_TESTS_CLOCK_AHEAD": str(ahead.total_seconds()),
        "PYTHONPATH": str(CLOCK),
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def running(environment: Mapping[str, str], folder: Path, logs: Path) -> Iterator[None]:
    port = int(environment["BUDDYING_BASE_URL"].rpartition(":")[2])
    keeper = Keeper(make_folder(folder / "processes"))
    try:
        with timed("Starting the product", "The product answers"):
            children = [child for child in product(environment, logs, folder, port) if child.name in NEEDED]
            for child in children:
                keeper.start(child)
            keeper.wait_for(children[-1], lambda: is_healthy(port), 60)
        yield
    finally:
        keeper.stop_all()


def _go_round(options: argparse.Namespace, environment: Mapping[str, str], folder: Path) -> int:
    command = [packages.PYTHON, "-m", "_tour", options.folder.resolve(), folder / "data" / "mail"]
    command += ["--docs"] if options.docs else []
    command += [part for name in options.only for part in ("--only", name)]
    by_the_real_clock = {**environment, "PYTHONPATH": str(ROOT / "bin")}
    done = subprocess.run([str(part) for part in command], env=by_the_real_clock, cwd=ROOT)
    if done.returncode == 0:
        say(f"Written to {'docs/images and static/img/landing' if options.docs else options.folder.resolve()}")
    return done.returncode
