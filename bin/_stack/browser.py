"""The Chromium that the browser tests drive, and the program that drives it."""

import glob
import os
import re
import shutil
import subprocess
from pathlib import Path

from _stack import debian
from _stack.folders import VENV
from _stack.speech import Trouble

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "~/.cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "~/Library/Caches/ms-playwright/chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
)


def find_browser(given: str = "") -> str | None:
    """The one given, else one on the PATH, else one in a usual place."""
    if given:
        return given if os.access(given, os.X_OK) else None
    on_path = (shutil.which(name) for name in NAMES)
    in_place = (path for place in PLACES for path in sorted(glob.glob(os.path.expanduser(place)), reverse=True))
    return next((path for path in (*on_path, *in_place) if path), None)


def ensure_driver(log: Path) -> None:
    """Playwright brings a Node.js, which wants a library that a bare Debian lacks."""
    for node in VENV.glob("lib/python3*/site-packages/playwright/driver/node"):
        if not (missing := missing_library(node)):
            continue
        if missing == "libatomic.so.1" and debian.can_install():
            debian.install(["libatomic1"], "which Playwright needs", log)
        else:
            raise Trouble(
                f"Playwright's own Node.js lacks {missing}",
                "install it (Debian, as root: apt-get install libatomic1)",
            )


def missing_library(program: Path) -> str:
    """The shared library without which a program does not even say its version."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stderr
    found = re.search(r"loading shared libraries: (\S+):", said)
    return found[1] if found else ""


def ensure_browser(log: Path) -> str:
    given = os.environ.get("BUDDYING_CHROMIUM", "")
    if found := find_browser(given):
        return found
    if given:
        raise Trouble(f"BUDDYING_CHROMIUM names {given}, which cannot be run", "name a Chromium, or unset it")
    if debian.can_install():
        debian.install(["chromium"], "which the browser tests drive", log)
        if found := find_browser():
            return found
    raise Trouble(
        "there is no Chromium here for the browser tests",
        "install one (Debian: apt-get install chromium), or name one with BUDDYING_CHROMIUM",
    )
