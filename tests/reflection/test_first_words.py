from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format

from buddying.models import Cohort, Organisation, Participant, Person
from matching.models import Pairing
from reflection import agreeing
from reflection.first_words import first_words, how_often, shared_language
from reflection.sections import sections
from trust.acting import acting_as


@pytest.mark.parametrize(
    ("weeks", "sessions", "new_pairs", "expected"),
    [
        (13, 6, None, "every two weeks"),
        (13, 12, None, "every week"),
        (8, 30, None, "every week"),
        (26, 6, None, "every four weeks"),
        (52, 6, None, "every 9 weeks"),
        (26, 6, 13, "every two weeks"),
        (60, 5, None, "every 12 weeks"),
    ],
)
def test_the_rhythm_is_the_cohorts(
    cohort: Cohort, weeks: int, sessions: int, new_pairs: int | None, expected: str
) -> None:
    cohort.ends_on = cohort.starts_on + timedelta(weeks=weeks)
    cohort.target_sessions, cohort.new_pairs_weeks = sessions, new_pairs
    assert how_often(cohort) == expected


def test_three_share_the_time_and_speak_of_three(
    participants: dict[str, Participant], make_pairing: Callable[..., Pairing], ada: Person
) -> None:
    trio, organisation = make_pairing(*participants.values()), Organisation.current()
    three = first_words(trio, ["Ada", "Ben", "Cleo"], organisation)
    two = first_words(trio, ["Ada", "Ben"], organisation)
    assert ("coached for half" in two, "Either of us may end" in two) == (True, True)
    assert ("half" in three, "ither" in three) == (False, False)
    assert "Each of us is coached for an equal part of the time." in three


def test_one_text_is_in_one_language() -> None:
    assert shared_language(["de", "de"]) == "de"
    assert shared_language(["de", "en-gb"]) == shared_language([]) == settings.LANGUAGE_CODE


@pytest.mark.parametrize(("of_ada", "of_ben", "expected"), [("de", "de", "de"), ("de", "en-gb", "en-gb")])
def test_a_pair_reads_the_first_draft_in_the_language_that_it_shares(
    ada: Person, ben: Person, pairing: Pairing, of_ada: str, of_ben: str, expected: str
) -> None:
    Person.objects.filter(pk=ada.pk).update(language=of_ada)
    Person.objects.filter(pk=ben.pk).update(language=of_ben)
    agreeing.draft_for(pairing, timezone.now())
    with translation.override(expected):
        until = date_format(pairing.cohort.ends_on, "DATE_FORMAT")
    with acting_as(ada):
        assert until in pairing.agreements.get().text


def test_what_is_suggested_is_in_the_language_of_the_words_beside_it(ada: Person, pairing: Pairing) -> None:
    names, organisation = [person.name for person in pairing.people()], Organisation.current()
    in_german = first_words(pairing, names, organisation, "de")
    assert agreeing.suggested(pairing, beside=in_german) == sections(in_german)
    assert agreeing.suggested(pairing) == sections(first_words(pairing, names, organisation)) != sections(in_german)
