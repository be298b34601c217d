"""The libraries that set PDF files, which a bare Debian lacks. Without them everything else works."""

import ctypes.util
from pathlib import Path

from _stack import debian
from _stack.folders import VENV
from _stack.speech import Trouble, say

PACKAGES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
TRIED = VENV / ".typesetter.tried"


def missing() -> list[str]:
    return [package for library, package in PACKAGES.items() if not ctypes.util.find_library(library)]


def ensure_typesetter(log: Path) -> None:
    """Tried once, and never a reason not to start: pages offer to print in place of a file."""
    if not (lacking := missing()) or TRIED.exists():
        return
    TRIED.touch()
    if not _installed(lacking, log):
        wanted = " ".join(lacking)
        say(f"There are no PDF files here, pages can still be printed (to have them: apt-get install {wanted})")


def _installed(packages: list[str], log: Path) -> bool:
    if not debian.can_install():
        return False
    try:
        debian.install(packages, "which set PDF files", log)
    except Trouble as trouble:
        say(f"That did not work: {trouble.what}")
        return False
    return True
