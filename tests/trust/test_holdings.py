"""Nothing that is kept of a person is missing from the privacy page, the download or erasure."""

from __future__ import annotations

import pytest
from django.db.models import CharField, Field, TextField

from buddying.models import Person
from insights import privacy
from insights.management.commands.privacy_table import PAGE
from tests.trust.everything import World, our_models
from trust import holdings
from trust.fields import EncryptedTextField
from trust.holdings import Fate, Holding

HELD = holdings.all_holdings()

# Text that a person typed or that tells of them, but no part of their download.
NOT_IN_IT = {
    "buddying.Person": {"password"},
    "buddying.BrowserSession": {"session_key", "session_data"},
    "sessions_log.BusyCalendar": {"etag", "last_modified", "problem"},
    "sessions_log.OwnCalendar": {"secret_digest"},
    "outbox.Message": {"key", "address", "about_id", "last_error"},
    "outbox.AddressFailure": {"source", "status"},
    "trust.AccessRecord": {"sentence", "cohort_name"},  # said as its purpose
}


def test_every_model_is_in_the_table_or_has_a_reason_not_to_be() -> None:
    known = {holding.model for holding in HELD}
    assert {model._meta.label for model in our_models()} == known | set(holdings.left_out())
    assert known & set(holdings.left_out()) == set()


def test_every_model_with_an_audience_that_is_about_people_is_in_it() -> None:
    about_the_programme = {
        "buddying.Programme",
        "buddying.Cohort",
        "buddying.GroupMeeting",
        "equipping.LessonText",
        "equipping.PracticeRound",
        "matching.MatchRun",
        "matching.DraftEdit",
        "matching.FloorStudy",
        "insights.Figure",
    }
    seen = {model._meta.label for model in our_models() if hasattr(model, "audience")}
    assert seen - {holding.model for holding in HELD} == about_the_programme


def test_what_is_left_out_has_no_text_of_a_person() -> None:
    encrypted = {one.model._meta.label for model in our_models() for one in model._meta.fields
                 if isinstance(one, EncryptedTextField)}  # fmt: skip
    assert encrypted & set(holdings.left_out()) == set()


def is_text(field: Field) -> bool:
    return isinstance(field, CharField | TextField | EncryptedTextField)


@pytest.mark.parametrize("holding", HELD, ids=lambda holding: holding.model)
def test_the_download_shows_every_text(holding: Holding) -> None:
    texts = {field.name for field in holding.rows.model._meta.fields if is_text(field)}
    shown = {path.split("__")[0] for path in holding.shows.values()}
    assert texts - shown == NOT_IN_IT.get(holding.model, set())


def test_ada_has_something_in_every_line(world: World) -> None:
    assert [holding.model for holding in HELD if not holding.rows_of(world.ada).exists()] == []


def test_every_row_that_stays_says_what_is_emptied() -> None:
    """Or holds no text of its own."""
    stay = [one for one in HELD if one.fate not in (Fate.GONE, Fate.AGES_OUT)]
    texts = {
        (one.model, field.name)
        for one in stay
        for field in one.rows.model._meta.fields
        if is_text(field) and not field.choices and field.name not in one.blank
    }
    assert texts == {
        ("buddying.Person", "email"),  # these by Person.forget
        ("buddying.Person", "name"),
        ("buddying.Person", "team"),
        ("buddying.Person", "department"),
        ("buddying.Person", "place"),
        ("buddying.Person", "time_zone"),
        ("buddying.Person", "password"),
        ("outbox.Message", "key"),  # numbers
        ("outbox.Message", "kind"),
        ("outbox.Message", "address"),  # empty where there is a recipient
        ("reflection.Agreement", "text"),  # without the name
        ("reflection.OutcomeRating", "outcome"),
        ("reflection.ReflectionScale", "question"),
        ("sessions_log.CoachingSession", "place"),  # of the pair
    }


def test_the_document_has_the_same_table() -> None:
    """If not: ``manage.py privacy_table --write``."""
    text = PAGE.read_text(encoding="utf-8")
    assert privacy.put_into(text) == text


def test_a_line_names_everybody_who_sees_any_part_of_it() -> None:
    rows = {row.what: row for row in privacy.table()}
    assert len(rows) == len(privacy.table())
    assert rows["Your private notes"] == (
        "Your private notes",
        "only you",
        "with the cohort’s content, or with your account",
    )
    assert rows["How useful a session was for you"].goes == Fate.NAMELESS.value
    address = "Your address, department, level, office and manager, as your organisation gave them"
    assert rows[address].who.startswith(str(Person.audience.words))
