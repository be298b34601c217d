"""What an agreement says before its pair changes it: the programme's words, for so many people and such a rhythm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buddying.models import Cohort, Organisation
from matching.models import Pairing


def first_words(pairing: Pairing, names: list[str], organisation: Organisation, language: str = "") -> str:
    """It is one text for all of them, so in one language: where none is named, the organisation's."""
    with translation.override(language or settings.LANGUAGE_CODE):
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


def shared_language(languages: Iterable[str]) -> str:
    """The one that all of them read; the organisation's where they differ."""
    known = set(languages)
    return known.pop() if len(known) == 1 else settings.LANGUAGE_CODE


def how_often(cohort: Cohort) -> str:
    """“every two weeks”: the sessions to aim for, spread over the time that a pair has."""
    weeks = cohort.new_pairs_weeks
    span = timedelta(weeks=weeks) if weeks else cohort.ends_on - cohort.starts_on
    apart = max(1, round(span.days / 7 / cohort.target_sessions))
    usual = {2: _("every two weeks"), 3: _("every three weeks"), 4: _("every four weeks")}
    return usual.get(apart) or ngettext("every week", "every %(count)d weeks", apart) % {"count": apart}
