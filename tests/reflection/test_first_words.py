from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from buddying.models import Cohort, Organisation, Participant, Person
from matching.models import Pairing
from reflection.first_words import first_words, how_often


@pytest.mark.parametrize(
    ("weeks", "sessions", "new_pairs", "expected"),
    [
        (13, 6, None, "every two weeks"),
        (13, 12, None, "every week"),
        (8, 30, None, "every week"),
        (52, 6, None, "every nine weeks"),
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
