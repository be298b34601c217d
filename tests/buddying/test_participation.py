from __future__ import annotations

from collections.abc import Callable

import pytest

from buddying.models import Cohort, Participant, Person
from matching.models import Pairing


def seen_by(viewer: Person) -> set[str]:
    return {participant.person.name for participant in Participant.objects.visible_to(viewer)}


@pytest.fixture
def naming(
    nominating_cohort: Cohort, ada: Person, ben: Person, cleo: Person, take_part: Callable[..., Participant]
) -> Cohort:
    for person in (ada, ben, cleo):
        take_part(person, nominating_cohort)
    return nominating_cohort


def test_while_buddies_are_named_a_cohort_sees_its_own(naming: Cohort, ada: Person, dora: Person, eve: Person) -> None:
    assert seen_by(ada) == seen_by(dora) == {"Ada", "Ben", "Cleo"}
    assert seen_by(eve) == set()


def test_afterwards_only_oneself_ones_buddy_and_the_leads(
    pairing: Pairing, ada: Person, cleo: Person, dora: Person, eve: Person, olga: Person
) -> None:
    assert seen_by(ada) == {"Ada", "Ben"}
    assert seen_by(cleo) == {"Cleo"}
    assert seen_by(dora) == {"Ada", "Ben", "Cleo"}
    assert seen_by(eve) == seen_by(olga) == set()
