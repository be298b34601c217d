"""What this app's mails look like, with people who do not exist."""

from __future__ import annotations

from django.utils.translation import gettext as _

from buddying.models import Cohort, Person
from buddying.previews import ada, ben, nowhere
from matching.models import Pairing
from outbox.kinds import Letter, letter
from reflection import encouraging
from reflection.encouraging_letters import PAGE, context
from reflection.going_on import LOOK_BACK_MAIL, ends_at
from reflection.letters import agreement_context, prompt_context
from reflection.reflecting import FOLLOW_UP


def agreement_waiting(cohort: Cohort) -> Letter:
    return letter("agreement_waiting", agreement_context(ada(), [ben()], nowhere()))


def encourage_to_sign(cohort: Cohort) -> Letter:
    return _kind_word(encouraging.SIGN, cohort)


def encourage_to_book(cohort: Cohort) -> Letter:
    return _kind_word(encouraging.BOOK, cohort)


def _kind_word(kind: str, cohort: Cohort) -> Letter:
    about = context(ada(), [ben()], Person(name="Dora Example"), cohort)
    return letter(kind, about | {"action_url": nowhere(), "action_label": PAGE[kind][1]})


def help_message(cohort: Cohort) -> Letter:
    return letter("help_message", {"person": ada(), "action_url": nowhere(), "action_label": _("Read it")})


def fit_check(cohort: Cohort) -> Letter:
    context = {"person": ada(), "buddies": [ben()], "again": False}
    return letter("fit_check", context | {"action_url": nowhere(), "action_label": _("Say how it feels")})


def reflection_prompt(cohort: Cohort) -> Letter:
    return letter("reflection_prompt", prompt_context(ada(), [ben()], cohort, nowhere()))


def reflection_followup(cohort: Cohort) -> Letter:
    return letter(FOLLOW_UP, prompt_context(ada(), [ben()], cohort, nowhere()))


def look_back(cohort: Cohort) -> Letter:
    context = {"person": ada(), "buddies": [ben()], "cohort": cohort}
    return letter(LOOK_BACK_MAIL, context | {"action_url": nowhere(), "action_label": _("Look back")})


def pairing_goes_on(cohort: Cohort) -> Letter:
    pairing = Pairing(cohort=cohort)
    pairing.continues_at = ends_at(pairing)
    context = {"person": ada(), "buddies": [ben()], "cohort": cohort, "pairing": pairing}
    return letter("pairing_goes_on", context | {"action_url": nowhere(), "action_label": _("Open your page")})
