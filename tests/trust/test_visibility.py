from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils import timezone

from buddying.joining import leave
from buddying.models import Cohort, Participant, Person
from matching.models import Pairing
from trust.fields import EncryptedTextField
from trust.visibility import Audience, VisibleQuerySet

OURS = ["outbox", "trust", "buddying", "matching", "equipping", "sessions_log", "reflection", "insights"]


def our_models() -> Iterator[type[Model]]:
    for label in OURS:
        yield from apps.get_app_config(label).get_models()


def test_every_model_with_encrypted_text_says_who_may_see_it_and_whose_key_it_is() -> None:
    with_content = [
        model for model in our_models() if any(isinstance(f, EncryptedTextField) for f in model._meta.get_fields())
    ]
    assert with_content
    for model in with_content:
        assert isinstance(model.audience, Audience), model  # type: ignore[attr-defined]
        assert isinstance(model._default_manager.all(), VisibleQuerySet), model
        assert hasattr(model, "content_owner"), model


def test_visitors_and_deactivated_people_see_nothing(pairing: Pairing, ada: Person) -> None:
    assert list(Pairing.objects.visible_to(ada)) == [pairing]
    assert not Pairing.objects.visible_to(AnonymousUser()).exists()
    ada.deactivated_at = timezone.now()
    assert not Pairing.objects.visible_to(ada).exists()


@pytest.mark.parametrize("name", ["Cleo", "Dora", "Eve", "Max", "Olga"])
def test_nobody_but_its_members_sees_a_pairing(
    pairing: Pairing, dora: Person, eve: Person, max_: Person, olga: Person, name: str
) -> None:
    viewer = Person.objects.get(name=name)
    assert not Pairing.objects.visible_to(viewer).exists()


def test_an_address_is_seen_by_its_owner_the_leads_and_administrators(
    cohort: Cohort, participants: dict[str, Participant], ada: Person, dora: Person, olga: Person, max_: Person
) -> None:
    """As the words beside it say, and as the page of a participant shows it."""

    def seen_by() -> set[str]:
        return {one.name for one in (ada, dora, olga, max_) if Person.objects.visible_to(one).filter(pk=ada.pk)}

    assert seen_by() == {"Ada", "Dora", "Olga"}
    leave(participants["Ada"])
    assert seen_by() == {"Ada", "Olga"}


def test_who_left_a_trio_that_goes_on_no_longer_sees_it(pairing: Pairing, ben: Person, ada: Person) -> None:
    pairing.members.filter(participant__person=ben).update(left_at=timezone.now())
    assert not Pairing.objects.visible_to(ben).exists()
    assert list(Pairing.objects.visible_to(ada)) == [pairing]


def test_members_of_a_closed_pairing_can_still_read_it(pairing: Pairing, ada: Person, ben: Person) -> None:
    pairing.close(by=ada)
    pairing.close(by=ben)
    for person in (ada, ben):
        assert list(Pairing.objects.visible_to(person)) == [pairing]
    assert pairing.closed_by == ada
