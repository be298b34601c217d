from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from buddying.models import Person
from matching.models import Pairing
from sessions_log.models import CoachingSession, PrivateNote
from trust import rotating
from trust.keys import CannotRead, current_wrapping_key
from trust.models import DataKey, Owner, forget_keys

NEW = {"k2": bytes(range(100, 132))}


@pytest.fixture
def notes(pairing: Pairing, ada: Person, ben: Person) -> list[PrivateNote]:
    from django.utils import timezone

    session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now())
    return [PrivateNote.objects.create(session=session, author=who, text=f"{who} was here") for who in (ada, ben)]


def rotated() -> str:
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    return said.getvalue()


def texts() -> set[str]:
    forget_keys()
    return {note.text for note in PrivateNote.objects.all()}


def test_texts_open_with_the_new_key_alone(notes: list[PrivateNote], settings: Any) -> None:
    stored = set(PrivateNote.objects.values_list("pk", "written_at"))
    settings.CONTENT_KEYS = NEW | settings.CONTENT_KEYS
    assert rotated() == "2 wrapped anew with “k2”.\n"
    settings.CONTENT_KEYS = NEW
    assert texts() == {"Ada was here", "Ben was here"}
    assert set(PrivateNote.objects.values_list("pk", "written_at")) == stored


def test_a_second_run_does_nothing(notes: list[PrivateNote], settings: Any) -> None:
    settings.CONTENT_KEYS = NEW | settings.CONTENT_KEYS
    rotated()
    before = set(DataKey.objects.values_list("pk", "wrapped"))
    assert rotated() == "0 wrapped anew with “k2”.\n"
    assert set(DataKey.objects.values_list("pk", "wrapped")) == before


def test_a_run_that_was_cut_short_is_ended_by_the_next(
    notes: list[PrivateNote], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One key a step; the second step dies, and what the first did stands."""
    old, _ = current_wrapping_key()
    settings.CONTENT_KEYS = NEW | settings.CONTENT_KEYS
    monkeypatch.setattr(rotating, "AT_ONCE", 1)
    step, steps = rotating._rotate_some, iter([1])
    monkeypatch.setattr(rotating, "_rotate_some", lambda: step() if next(steps, None) else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rotated()
    assert sorted(DataKey.objects.values_list("wrapping_key", flat=True)) == sorted([old, "k2"])
    assert texts() == {"Ada was here", "Ben was here"}
    monkeypatch.setattr(rotating, "_rotate_some", step)
    assert rotated() == "1 wrapped anew with “k2”.\n"
    assert texts() == {"Ada was here", "Ben was here"}


@pytest.mark.parametrize("ring", [NEW, NEW | {"k1": b"x" * 32}], ids=["missing", "wrong"])
def test_a_missing_or_wrong_key_stops_it_and_changes_nothing(
    notes: list[PrivateNote], settings: Any, ring: dict[str, bytes]
) -> None:
    kept, before = settings.CONTENT_KEYS, set(DataKey.objects.values_list("pk", "wrapped"))
    settings.CONTENT_KEYS = ring
    with pytest.raises(CommandError):
        rotated()
    assert set(DataKey.objects.values_list("pk", "wrapped")) == before
    settings.CONTENT_KEYS = kept
    assert texts() == {"Ada was here", "Ben was here"}


def test_a_destroyed_key_stays_destroyed(notes: list[PrivateNote], settings: Any, ada: Person) -> None:
    DataKey.of(Owner("person", ada.pk)).destroy()
    settings.CONTENT_KEYS = NEW | settings.CONTENT_KEYS
    assert rotated() == "1 wrapped anew with “k2”.\n"
    forget_keys()
    with pytest.raises(CannotRead):
        _ = PrivateNote.objects.get(author=ada).text


def test_what_is_sealed_with_the_ring_itself_is_sealed_anew(
    db: None, monkeypatch: pytest.MonkeyPatch, make_person: Callable[..., Person]
) -> None:
    monkeypatch.setattr(rotating, "also", [lambda: 3])
    assert rotated().startswith("3 wrapped anew")
