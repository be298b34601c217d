"""What somebody finds who looks at the demo: each screen of the relationship has something to show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Person
from equipping.models import PracticeNote, ReadMark
from insights import demo
from insights.demo_cast import address
from insights.home import home_for
from matching.models import Pairing
from outbox.models import Message
from reflection import reflecting
from reflection.encouraging import in_need, needs
from reflection.models import Agreement, EndingWish, Goals, HelpMessage, OutcomeRating, SharedAnswer, Thanks
from sessions_log.models import PrivateNote, Usefulness
from tests.reflection.watching import pages

SHOWN = (ReadMark, PracticeNote, Goals, OutcomeRating, PrivateNote, Usefulness, SharedAnswer, HelpMessage, Thanks)


@pytest.fixture
def loaded(db: None) -> None:
    for _ in range(2):
        demo.load()


def who(name: str) -> Person:
    return Person.objects.with_address(address(name)).get()


def test_every_screen_has_something_to_show(loaded: None, as_: Callable[[Person], Client]) -> None:
    assert [model.__name__ for model in SHOWN if not model.objects.exists()] == []
    first = {name: home_for(who(name), timezone.now()).steps[0].title for name in ("Ada", "Ravi")}
    ada, ravi = (Pairing.objects.visible_to(who(name)).get() for name in ("Ada", "Ravi"))
    assert first["Ada"].startswith("Take a moment to reflect")
    assert not reflecting.is_open(ada)
    assert first["Ravi"].startswith("Look back with")
    assert Thanks.objects.visible_to(who("Ravi")).filter(pairing=ravi).exists()
    assert Pairing.objects.filter(continues_at__isnull=False).count() == 1
    assert EndingWish.objects.count() == 3
    changed = Agreement.objects.get(version=2)
    assert changed.signatures.count() == 1
    assert reflecting.is_open(changed.pairing)
    assert not Message.objects.waiting().filter(due_at__lte=timezone.now()).exists()
    autumn = changed.pairing.cohort
    assert {need.may_be_sent for need in needs(in_need(autumn, who("Dora")))} == {True, False}
    for name in ("Ada", "Ravi", "Wren", "Dora", "Olga"):
        seen = pages(as_(who(name)))
        assert {address: page[:3] for address, page in seen.items() if page[:3] in ("404", "500")} == {}
