"""What this app's mails look like, with people who do not exist."""

from __future__ import annotations

from buddying.models import Cohort
from buddying.previews import ada, ben, nowhere
from outbox.kinds import Letter, letter
from reflection.letters import agreement_context, prompt_context
from reflection.reflecting import FOLLOW_UP


def agreement_waiting(cohort: Cohort) -> Letter:
    return letter("agreement_waiting", agreement_context(ada(), [ben()], nowhere()))


def reflection_prompt(cohort: Cohort) -> Letter:
    return letter("reflection_prompt", prompt_context(ada(), [ben()], cohort, nowhere()))


def reflection_followup(cohort: Cohort) -> Letter:
    return letter(FOLLOW_UP, prompt_context(ada(), [ben()], cohort, nowhere()))
