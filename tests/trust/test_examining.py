"""The doctor names each thing that is unsafe, and nothing else."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection

from buddying.models import Person
from trust import examining
from trust.keys import current_wrapping_key
from trust.models import DataKey, Owner


def do(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def of_the_tables(db: None) -> Any:
    """What it says of tables, views and functions. Who connects here is the owner, who sets the stage."""
    return lambda: [*examining._roles(), *examining._guards(), *examining._grants(), *examining._back_doors()]


def test_a_database_as_it_is_set_up_is_safe(of_the_tables: Any) -> None:
    assert of_the_tables() == []


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (
            "ALTER TABLE reflection_agreement DISABLE ROW LEVEL SECURITY",
            "Row-level security is off on reflection_agreement: whoever queries it sees what everybody wrote.",
        ),
        (
            "ALTER TABLE reflection_agreement NO FORCE ROW LEVEL SECURITY",
            "Row-level security on reflection_agreement does not bind the owner of the table.",
        ),
        (
            "GRANT SELECT ON sessions_log_word TO buddying_dashboard",
            "The role of dashboards has SELECT on sessions_log_word: run manage.py set_up_roles.",
        ),
        (
            "GRANT SELECT (text) ON sessions_log_word TO buddying_dashboard",
            "The role of dashboards has SELECT on sessions_log_word: run manage.py set_up_roles.",
        ),
        (
            "CREATE VIEW notes AS SELECT * FROM sessions_log_privatenote",
            "The view notes shows whatever its owner may see: drop it, or give it security_invoker.",
        ),
        (
            "CREATE FUNCTION peep() RETURNS bigint LANGUAGE sql SECURITY DEFINER RETURN 1",
            "The function peep has the rights of its owner (SECURITY DEFINER); none of ours has.",
        ),
        (
            "ALTER ROLE buddying_web BYPASSRLS",
            "The role “buddying_web” can log in, is a superuser or has BYPASSRLS; it should be none of these.",
        ),
    ],
)
def test_each_harm_is_named(harm: str, said: str, of_the_tables: Any) -> None:
    if harm.startswith("ALTER ROLE") and not _is_superuser():
        with pytest.raises(ProgrammingError):  # an owner who is none cannot even do it
            do(harm)
    else:
        do(harm)
        assert of_the_tables() == [said]


def _is_superuser() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
        return bool(cursor.fetchone()[0])


def test_a_content_table_without_a_policy_is_named(of_the_tables: Any) -> None:
    for name in ("its_people", "erasing_select", "erasing_update", "erasing_delete"):
        do(f"DROP POLICY {name} ON equipping_practicenote")
    assert of_the_tables() == ["No policy says who may see what in equipping_practicenote."]


def test_the_owner_is_no_login_for_the_web(db: None) -> None:
    """As the tests connect."""
    said = list(examining._connection())
    assert said[-1] == (
        "Give the web a login of its own: set BUDDYING_WEB_DATABASE_URL and run manage.py set_up_roles."
    )
    assert said[0].startswith("The web acts in the role")


@pytest.mark.parametrize(
    ("ring", "said"),
    [("another", "no key of that name"), ("", "another key of that name")],
)
def test_a_key_that_is_missing_or_wrong_is_named(ada: Person, settings: Any, ring: str, said: str) -> None:
    name, _ = current_wrapping_key()
    DataKey.of(Owner("person", ada.pk))
    assert list(examining.of_the_keys()) == []
    settings.CONTENT_KEYS = {ring or name: b"x" * 32}
    assert list(examining.of_the_keys()) == [
        f"1 data keys were wrapped with “{name}”, and BUDDYING_CONTENT_KEYS has "
        f"{said}: what was written with them cannot be read."
    ]


def test_the_settings_of_a_development_are_unsafe(settings: Any) -> None:
    settings.DEBUG, settings.SECRET_KEY = True, "short"
    said = " ".join(examining.of_the_settings())
    assert "BUDDYING_BASE_URL is http://localhost:8000" in said
    assert "security.W018" in said
    assert "security.W009" in said


def test_it_ends_with_1_and_a_line_for_each(db: None) -> None:
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=said)
    assert ended.value.code == 1
    assert all(line.startswith("- ") for line in said.getvalue().splitlines())
