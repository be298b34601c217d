"""The policies of the database say what the models' audiences say, and hold where a view forgets to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from buddying.models import Participant, Person
from matching.models import Pairing
from reflection.models import FitCheck, HelpThread
from sessions_log.models import Commitment, PrivateNote, Proposal
from tests.trust.conftest import CAST, TEXT
from trust.acting import acting_as
from trust.content import content_models
from trust.keys import CannotRead
from trust.models import DataKey, Owner, forget_keys
from trust.visibility import VisibleQuerySet

GUARDED = [model for model in content_models() if model is not DataKey]


def keys_of(model: type[Model]) -> set[Any]:
    return set(model._base_manager.values_list("pk", flat=True))


def test_policies_let_through_what_audiences_do(filled: Any) -> None:
    for model in GUARDED:
        seen = {name: seen_by(Person.objects.get(name=name), model) for name in CAST}
        rows = keys_of(model)
        assert rows, f"write a {model._meta.label} in tests/trust/conftest.py"
        assert set().union(*seen.values()) == rows, model._meta.label
        assert all(theirs < rows for theirs in seen.values()), model._meta.label


def seen_by(person: Person, model: Any) -> set[Any]:
    by_the_audience = set(model.objects.visible_to(person).values_list("pk", flat=True))
    with acting_as(person):
        assert keys_of(model) == by_the_audience, f"{model._meta.label} for {person}"
    return by_the_audience


@pytest.mark.parametrize("who", ["nobody", "a visitor", "somebody deactivated"])
def test_who_is_not_known_sees_nothing(who: str, filled: Any, ada: Person) -> None:
    ada.deactivated_at = ada.created_at
    person = {"nobody": None, "a visitor": AnonymousUser(), "somebody deactivated": ada}[who]
    with acting_as(person):
        assert [model for model in content_models() if keys_of(model)] == []


def test_a_key_opens_for_whose_text_it_is(filled: Any, pairing: Pairing, ada: Person, dora: Person) -> None:
    thread = HelpThread.objects.get(writer=ada)
    theirs = {("person", ada.pk), ("pairing", pairing.pk), ("help-thread", thread.pk)}
    with acting_as(ada):
        assert set(DataKey.objects.values_list("owner_kind", "owner_id")) == theirs
    with acting_as(dora):
        assert set(DataKey.objects.values_list("owner_kind", "owner_id")) == {
            ("person", dora.pk),
            ("help-thread", thread.pk),
        }


def test_text_that_leaked_does_not_open_for_somebody_else(filled: Any, ada: Person, ben: Person) -> None:
    """As if a query had gone round the policy: the key still does not open."""
    leaked = PrivateNote.objects.get(author=ada)
    forget_keys()
    with acting_as(ben), pytest.raises(CannotRead):
        _ = leaked.text


# Writing


def test_nobody_writes_in_somebody_elses_name(filled: Any, ada: Person, ben: Person) -> None:
    session = PrivateNote.objects.get(author=ada).session
    DataKey.of(Owner("person", ada.pk))
    with acting_as(ben), pytest.raises(DatabaseError), transaction.atomic():
        PrivateNote.objects.filter(author=ben).update(author=ada, session=session)


def test_nobody_writes_into_a_pairing_of_others(filled: Any, pairing: Pairing, eve: Person) -> None:
    commitment = Commitment.objects.filter(pairing=pairing).first()
    assert commitment is not None
    with acting_as(eve):
        assert Commitment.objects.filter(pk=commitment.pk).update(done_at=commitment.made_at) == 0
        assert Commitment.objects.filter(pk=commitment.pk).delete()[0] == 0
    with acting_as(eve), pytest.raises(DatabaseError), transaction.atomic():
        Commitment.objects.bulk_create([commitment.__class__(**_copied(commitment))])


def _copied(row: Commitment) -> dict[str, Any]:
    values = {field.attname: row.__dict__[field.attname] for field in row._meta.concrete_fields}
    return {name: value for name, value in values.items() if name != "id"}


# A view that forgets


FORGETFUL: list[tuple[str, Callable[[Any], Model]]] = [
    ("reflection:fit_check", lambda ada: FitCheck.objects.get(person=ada)),
    ("reflection:conversation", lambda ada: HelpThread.objects.get(writer=ada)),
    ("sessions_log:proposal", lambda ada: Proposal.objects.get(proposed_by=ada)),
]


def forget_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every view, as if it had been written without ``visible_to``."""
    monkeypatch.setattr(VisibleQuerySet, "visible_to", lambda rows, viewer: rows.all())


def lift_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in content_models():
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE ROW LEVEL SECURITY")


@pytest.mark.parametrize(("page", "of"), FORGETFUL, ids=[page for page, _ in FORGETFUL])
@pytest.mark.parametrize("who", ["Eve", "Max", "Olga"])
def test_a_view_that_forgets_to_ask_shows_nothing_of_others(
    page: str,
    of: Callable[[Any], Model],
    who: str,
    filled: Any,
    ada: Person,
    as_: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = reverse(page, args=[of(ada).pk])
    forget_to_ask(monkeypatch)
    assert as_(Person.objects.get(name=who)).get(url).status_code == 404
    assert as_(ada).get(url).status_code == 200


@pytest.mark.parametrize(("page", "of"), FORGETFUL, ids=[page for page, _ in FORGETFUL])
def test_and_without_row_level_security_it_would(
    page: str,
    of: Callable[[Any], Model],
    filled: Any,
    ada: Person,
    eve: Person,
    as_: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: it is the database that stops the view above, and nothing else."""
    url = reverse(page, args=[of(ada).pk])
    forget_to_ask(monkeypatch)
    lift_security()
    assert as_(eve).get(url).status_code == 200


def test_a_list_that_forgets_to_ask_holds_ones_own(filled: Any, participants: dict[str, Participant]) -> None:
    for participant in participants.values():
        with acting_as(participant.person):
            assert [note.text for note in PrivateNote.objects.all()] == [TEXT]
            assert {note.author_id for note in PrivateNote.objects.all()} == {participant.person_id}
