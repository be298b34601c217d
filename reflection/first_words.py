"""What an agreement says before its pair changes it: the programme's words, for so many people and such a rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.template.loader import render_to_string

from buddying.models import Cohort, Organisation
from buddying.words import counted_in_words
from matching.models import Pairing


def first_words(pairing: Pairing, names: list[str], organisation: Organisation) -> str:
    return first_words_of(pairing.cohort, names, organisation)


def first_words_of(cohort: Cohort, names: Sequence[str], organisation: Organisation) -> str:
    context = {
        "cohort": cohort,
        "programme": cohort.programme,
        "names": names,
        "contacts": cohort.programme.where_to_turn(organisation),
        "every": how_often(cohort),
    }
    return render_to_string("reflection/first_agreement.txt", context).strip()


def how_often(cohort: Cohort) -> str:
    """“every two weeks”: the sessions to aim for, spread over the time that a pair has."""
    weeks = cohort.new_pairs_weeks
    span = timedelta(weeks=weeks) if weeks else cohort.ends_on - cohort.starts_on
    apart = max(1, round(span.days / 7 / cohort.target_sessions))
    return "every week" if apart == 1 else f"every {counted_in_words(apart, 'week', 'weeks')}"
