from __future__ import annotations

import base64
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from buddying.models import Person
from matching.models import Pairing
from sessions_log.models import CoachingSession, PrivateNote, SharedNote
from trust import keys
from trust.keys import CannotRead
from trust.models import DataKey, Owner, forget_keys

WORDS = "I would rather lead than follow — äöü"


@pytest.fixture
def session(pairing: Pairing, today: Any) -> CoachingSession:
    from django.utils import timezone

    return CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now())


@pytest.fixture
def note(session: CoachingSession, ada: Person) -> PrivateNote:
    return PrivateNote.objects.create(session=session, author=ada, text=WORDS)


def stored(note: PrivateNote) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM sessions_log_privatenote WHERE id = %s", [note.pk])
        return bytes(cursor.fetchone()[0])


def test_text_comes_back_and_the_database_holds_none_of_it(note: PrivateNote) -> None:
    assert PrivateNote.objects.get().text == WORDS
    assert b"lead" not in stored(note)


def test_saving_again_without_reading_keeps_the_text(note: PrivateNote) -> None:
    before = stored(note)
    PrivateNote.objects.get().save()
    assert stored(note) == before
    assert PrivateNote.objects.get().text == WORDS


def test_the_same_text_is_stored_differently_each_time(note: PrivateNote) -> None:
    before = stored(note)
    again = PrivateNote.objects.get()
    again.text = WORDS
    again.save()
    assert stored(note) != before


def test_text_moved_to_another_row_does_not_open(note: PrivateNote, session: CoachingSession, ben: Person) -> None:
    other = PrivateNote.objects.create(session=session, author=ben, text="mine")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sessions_log_privatenote SET text = %s WHERE id = %s", [stored(note), other.pk])
    with pytest.raises(CannotRead):
        _ = PrivateNote.objects.get(pk=other.pk).text


def test_a_changed_byte_is_an_error(note: PrivateNote) -> None:
    spoilt = bytearray(stored(note))
    spoilt[-1] ^= 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sessions_log_privatenote SET text = %s", [bytes(spoilt)])
    with pytest.raises(CannotRead):
        _ = PrivateNote.objects.get().text


@pytest.mark.parametrize("ring", [{"k1": b"x" * 32}, {"other": b"y" * 32}])
def test_a_wrong_or_missing_wrapping_key_is_an_error(note: PrivateNote, settings: Any, ring: dict[str, bytes]) -> None:
    forget_keys()
    settings.CONTENT_KEYS = ring
    with pytest.raises(CannotRead):
        _ = PrivateNote.objects.get().text


def test_destroying_the_key_erases_what_was_written_with_it(note: PrivateNote, ada: Person) -> None:
    DataKey.of(Owner("person", ada.pk)).destroy()
    with pytest.raises(CannotRead):
        _ = PrivateNote.objects.get().text


def test_after_its_key_was_destroyed_an_owner_gets_a_new_one(note: PrivateNote, ada: Person) -> None:
    old = DataKey.of(Owner("person", ada.pk))
    old.destroy()
    assert DataKey.of(Owner("person", ada.pk)).pk != old.pk


def test_encrypted_text_is_not_searched_nor_updated_past_the_instance(note: PrivateNote) -> None:
    with pytest.raises(FieldError):
        PrivateNote.objects.filter(text=WORDS).exists()
    with pytest.raises(FieldError):
        PrivateNote.objects.update(text="plain")


def test_shared_notes_are_under_the_pairings_key(session: CoachingSession, ada: Person) -> None:
    SharedNote.objects.create(session=session, pairing=session.pairing, author=ada, text=WORDS)
    assert list(DataKey.objects.values_list("owner_kind", "owner_id")) == [("pairing", session.pairing_id)]


def test_reading_many_notes_asks_for_the_key_once(
    session: CoachingSession, ada: Person, ben: Person, django_assert_num_queries: Any
) -> None:
    for person in (ada, ben):
        SharedNote.objects.create(session=session, pairing=session.pairing, author=person, text=WORDS)
    forget_keys()
    with django_assert_num_queries(2):
        assert [note.text for note in SharedNote.objects.all()] == [WORDS, WORDS]


def test_sealed_text_opens_only_where_it_belongs() -> None:
    sealed = keys.seal("482913", "account:1")
    assert "482913" not in sealed
    assert keys.unseal(sealed, "account:1") == "482913"
    with pytest.raises(CannotRead):
        keys.unseal(sealed, "account:2")


def test_the_first_key_of_the_ring_encrypts_and_the_others_still_open(settings: Any) -> None:
    old = dict(settings.CONTENT_KEYS)
    sealed = keys.seal("code", "here")
    settings.CONTENT_KEYS = {"k2": base64.b64decode("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=")} | old
    assert keys.unseal(sealed, "here") == "code"
    assert keys.seal("code", "here").startswith("k2:")
