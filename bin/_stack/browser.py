"""The Chromium that the browser tests drive."""

import glob
import os
import shutil
from pathlib import Path

from _stack import debian
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
