from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from buddying import unsent
from buddying.models import Person, UnsentText

As = Callable[[Person | None], Client]
LOG = "/unsent/log/12/"
BY_SCRIPT = {"headers": {"HX-Request": "true"}}


def keep(as_: As, person: Person, **typed: str | list[str]) -> int:
    return as_(person).post(LOG, typed | {"unsent_of": str(person.pk)}, **BY_SCRIPT).status_code


def test_what_is_typed_is_there_again_for_its_author_alone(as_: As, ada: Person, ben: Person, dora: Person) -> None:
    assert keep(as_, ada, note="Hers", done=["a", "b"]) == 204
    assert keep(as_, ada, note="Hers alone", done=["a", "b"]) == 204
    kept = as_(ada).get(LOG, **BY_SCRIPT)
    assert kept.json()["fields"] == [["note", "Hers alone"], ["done", "a"], ["done", "b"]]
    assert kept["CSRF-Token"]
    assert kept["Cache-Control"] == "no-store"
    for person in (ben, dora):
        assert as_(person).get(LOG, **BY_SCRIPT).json() == {}
    assert as_(ada).get("/unsent/log/13/", **BY_SCRIPT).json() == {}
    assert as_(None).get(LOG, **BY_SCRIPT).status_code == 401


def test_it_is_unreadable_in_the_database(as_: As, ada: Person) -> None:
    keep(as_, ada, note="Hers alone")
    with connection.cursor() as cursor:
        cursor.execute("SELECT typed FROM buddying_unsenttext")
        assert b"Hers" not in bytes(cursor.fetchone()[0])


def test_what_somebody_else_typed_on_this_computer_is_not_kept(as_: As, ada: Person, ben: Person) -> None:
    assert as_(ben).post(LOG, {"note": "Hers", "unsent_of": str(ada.pk)}, **BY_SCRIPT).status_code == 409
    assert not UnsentText.objects.exists()


def test_more_than_any_form_takes_is_not_kept(as_: As, ada: Person) -> None:
    assert keep(as_, ada, note="x" * unsent.LONGEST) == 413
    assert not UnsentText.objects.exists()


def test_thrown_away(as_: As, ada: Person, ben: Person) -> None:
    keep(as_, ada, note="Hers")
    assert as_(ben).post(f"{LOG}forgetting/").status_code == 204
    assert UnsentText.objects.count() == 1
    assert as_(ada).post(f"{LOG}forgetting/").status_code == 204
    assert not UnsentText.objects.exists()


def test_after_a_month_it_is_gone(ada: Person) -> None:
    now = timezone.now()
    for days in (29, 30):
        unsent.keep(ada, "log", days, [("note", "Hers")], now - timedelta(days=days))
    unsent.forget_old(now)
    assert [kept.number for kept in UnsentText.objects.all()] == [29]


def test_nobody_fills_the_database_with_it(monkeypatch: pytest.MonkeyPatch, ada: Person, ben: Person) -> None:
    now = timezone.now()
    unsent.keep(ben, "log", 1, [], now - timedelta(days=9))
    monkeypatch.setattr(unsent, "MOST", 2)
    for number in range(4):
        unsent.keep(ada, "log", number, [], now + timedelta(seconds=number))
    assert sorted(kept.number for kept in UnsentText.objects.filter(author=ada)) == [2, 3]
    assert UnsentText.objects.filter(author=ben).count() == 1
