"""What a match run is doing, and why it came to nothing: kept as codes, in the words of whoever looks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STEPS = {
    "waiting": _("Waiting for its turn"),
    "starting": _("Starting"),
    "people": _("Looking at the people"),
    "looking": _("Looking at who may be paired with whom"),
    "placing": _("Finding a place for everyone"),
    "checking": _("Checking every possible pair"),
    "trio": _("Choosing the trio"),
    "worst-off": _("Looking after those who are worst off"),
    "proving": _("Checking that no better answer exists"),
    "done": pgettext_lazy("match run", "Done"),
}
NOT_PROVEN, WENT_WRONG, GIVEN_UP = "not-proven", "went-wrong", "given-up"
FAILURES = {
    NOT_PROVEN: _(
        "The result could not be proven to be the best one, so it was not kept. Nothing has changed for anybody. "
        "Please tell whoever looks after Buddying, and name run %(run)s."
    ),
    WENT_WRONG: _(
        "Something went wrong while matching. Nothing has changed for anybody, and you can start again. If it happens "
        "once more, please tell whoever looks after Buddying, and name run %(run)s: %(place)s."
    ),
    GIVEN_UP: _(
        "This run stopped half-way three times, most likely because the machine ran out of time or memory. Nothing has "
        "changed for anybody. Please tell whoever looks after Buddying."
    ),
}


def step_in_words(step: str) -> str:
    return str(STEPS.get(step or "waiting", step))


def failure_in_words(failure: str, run: int) -> str:
    """``failure``: a code and, for what went wrong, a space and the place in the code."""
    code, _space, place = failure.partition(" ")
    return str(FAILURES[code]) % {"run": run, "place": place} if code in FAILURES else failure
