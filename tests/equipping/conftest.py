from __future__ import annotations

from collections.abc import Callable

import pytest

from buddying.models import Cohort, Participant, Person
from equipping import arranging
from equipping.models import Practice, PracticeGroup


@pytest.fixture
def fred(make_person: Callable[..., Person]) -> Person:
    return make_person("Fred")


@pytest.fixture
def practice(cohort: Cohort, participants: dict[str, Participant], dora: Person) -> Practice:
    """Ada, Ben and Cleo practise together; published."""
    practice = arranging.propose(Practice(place="Room 4"), cohort, by=dora)
    arranging.publish(practice, by=dora)
    return practice


@pytest.fixture
def group(practice: Practice) -> PracticeGroup:
    return practice.groups.get()
