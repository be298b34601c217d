"""GNU gettext, with which a test gathers the sentences of the code. The product itself runs without it."""

import shutil
from pathlib import Path

from _stack import debian
from _stack.speech import Trouble, say

PACKAGE = "gettext"
PROGRAMS = ("xgettext", "msguniq", "msgmerge", "msgattrib")


def is_there() -> bool:
    return all(map(shutil.which, PROGRAMS))


def ensure_gettext(log: Path) -> None:
    """Without it one test fails, and says what it needs."""
    if is_there():
        return
    if not debian.can_install():
        say(f"The test of the translations will fail: GNU gettext is missing. A way on: apt-get install {PACKAGE}")
        return
    try:
        debian.install([PACKAGE], "which gathers sentences for translators", log)
    except Trouble as trouble:
        say(f"The test of the translations will fail: {trouble.what}. A way on: {trouble.way_on}")
