from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from buddying.models import Participant, Person
from matching.models import Pairing


@pytest.mark.parametrize(("name", "stays"), [("Ada", True), ("Cleo", False)])
def test_nobody_is_removed_from_under_their_buddy(
    as_: Callable[[Person], Client],
    pairing: Pairing,
    participants: dict[str, Participant],
    dora: Person,
    name: str,
    stays: bool,
) -> None:
    one = participants[name]
    as_(dora).post(f"/cohorts/{one.cohort_id}/people/{one.pk}/removal/", {"confirmed": "yes"})
    one.refresh_from_db()
    assert one.is_present is stays
