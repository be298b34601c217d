"""What is told to the database lasts for a transaction or a block, and stays on no connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from buddying.models import Person
from sessions_log.models import PrivateNote, Usefulness
from trust.acting import Purpose, acting_as, acting_as_system, acting_for_dashboards
from trust.content import content_models


def told() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT current_setting('role'), coalesce(current_setting('buddying.person', true), ''),
                   coalesce(current_setting('buddying.purpose', true), '')
        """)
        return cursor.fetchone()


def test_it_lasts_for_the_block(ada: Person, ben: Person) -> None:
    before = told()
    with acting_as(ada):
        assert told() == (settings.WEB_ROLE, str(ada.pk), "")
        with acting_as(ben):
            assert told() == (settings.WEB_ROLE, str(ben.pk), "")
            with acting_as_system(Purpose.SWEEPING):
                assert told() == (settings.WEB_ROLE, "", "sweeping")
        assert told() == (settings.WEB_ROLE, str(ada.pk), "")
        with acting_for_dashboards():
            assert told() == (settings.DASHBOARD_ROLE, "", "")
    assert told() == before


@pytest.mark.django_db(transaction=True)
def test_it_stays_on_no_connection(ada: Person) -> None:
    before = told()
    with acting_as(ada) as is_outermost:
        assert is_outermost
        assert told() == (settings.WEB_ROLE, str(ada.pk), "")
    assert told() == before


@pytest.mark.django_db(transaction=True)
def test_what_runs_after_the_transaction_is_nobodys(ada: Person) -> None:
    heard = []
    before = told()
    with acting_as(ada):
        transaction.on_commit(lambda: heard.append(told()))
    assert heard == [before]


@pytest.mark.django_db(transaction=True)
def test_an_error_leaves_nothing_behind(ada: Person) -> None:
    before = told()
    with pytest.raises(DatabaseError), acting_as(ada), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert told() == before


def test_an_error_in_a_savepoint_goes_back_to_who_acted_before(ada: Person, ben: Person) -> None:
    with acting_as(ada):
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(ben), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert told() == (settings.WEB_ROLE, str(ada.pk), "")


def test_dashboards_may_not_even_ask(db: None) -> None:
    refused = []
    for model in content_models():
        with pytest.raises(DatabaseError) as error, transaction.atomic(), acting_for_dashboards():
            model._base_manager.exists()
        refused.append("permission denied" in str(error.value))
    assert all(refused)
    with acting_for_dashboards():
        assert Person.objects.count() == 0


# Requests


@pytest.mark.django_db(transaction=True)
def test_a_request_leaves_the_next_one_nothing(filled: Any, ada: Person, as_: Callable[[Any], Client]) -> None:
    """The client shares our connection, as requests of a thread share theirs."""
    before = told()
    assert as_(ada).get(reverse("insights:home")).status_code == 200
    assert told() == before


@pytest.mark.django_db(transaction=True)
def test_what_a_request_did_before_it_broke_is_taken_back(
    ada: Person, as_: Callable[[Any], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from insights.views import help as page

    def broken(request: Any, *args: Any, **kwargs: Any) -> Any:
        Person.objects.filter(pk=ada.pk).update(team="half done")
        raise RuntimeError

    monkeypatch.setattr(page, "render", broken)
    client = as_(ada)
    client.raise_request_exception = False
    assert client.get(reverse("insights:help")).status_code == 500
    ada.refresh_from_db()
    assert ada.team == "Engines"


# What the product does by itself

EVERYTHING = {model._meta.label_lower for model in content_models()}
LOOKED_AT: dict[Purpose, set[str]] = {
    Purpose.DRAFTING: {"trust.datakey"},
    Purpose.ASKING: set(),  # questions without an answer; here all have one
    Purpose.PROPOSALS: {"sessions_log.proposal"},
    Purpose.CALENDARS: {"sessions_log.busycalendar"},
    Purpose.GOING_ON: {"reflection.endingwish"},
    Purpose.COUNTING: {
        "sessions_log.usefulness",
        "reflection.fitcheck",
        "reflection.outcomerating",
        "reflection.reflectionscale",
    },
    Purpose.SWEEPING: {"buddying.unsenttext"},  # and uploads of yesterday; here all are of today
    Purpose.ERASING: EVERYTHING,
    Purpose.DOWNLOADING: {"trust.download"},  # sealed with its person's key
}


def test_each_purpose_sees_what_it_needs(filled: Any) -> None:
    """None but those who draft and erase sees a key, so what it sees it cannot open."""
    seen = {}
    for purpose in Purpose:
        with acting_as_system(purpose):
            seen[purpose] = {model._meta.label_lower for model in content_models() if model._base_manager.exists()}
    assert seen == LOOKED_AT


def test_who_counts_cannot_change_what_is_counted(filled: Any, ada: Person) -> None:
    with acting_as_system(Purpose.COUNTING):
        assert Usefulness.objects.update(value=5) == 0
        assert Usefulness.objects.all().delete()[0] == 0
    assert set(Usefulness.objects.values_list("value", flat=True)) == {4}


def test_whoever_erases_adds_nothing(filled: Any, ada: Person) -> None:
    note = PrivateNote.objects.get(author=ada)
    note.pk = None
    with acting_as_system(Purpose.ERASING):
        assert PrivateNote.objects.filter(author=ada).delete()[0] == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            Usefulness.objects.bulk_create([Usefulness(session_id=note.session_id, person_id=ada.pk, value=1)])
