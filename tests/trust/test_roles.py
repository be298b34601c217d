from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction
from psycopg2 import sql

from buddying import environment
from buddying.models import Person
from sessions_log.models import PrivateNote
from trust import roles
from trust.content import content_tables
from trust.models import DataKey

LOGIN = "buddying_login_of_a_test"


def ask(statement: str, *parameters: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def privileges() -> set[tuple]:
    return set(
        ask("""
        SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants
        WHERE grantee IN ('buddying_web', 'buddying_dashboard')
    """)
    )


def test_setting_up_again_changes_nothing(db: None) -> None:
    before = privileges()
    said = StringIO()
    call_command("set_up_roles", stdout=said)
    assert said.getvalue() == "The roles are set up.\n"
    assert privileges() == before


def test_who_may_touch_what(db: None) -> None:
    granted = privileges()
    on_content = {(who, what) for who, table, what in granted if table in content_tables()}
    assert on_content == {("buddying_web", what) for what in ("SELECT", "INSERT", "UPDATE", "DELETE")}
    changes = {(table, what) for who, table, what in granted if who == "buddying_dashboard" and what != "SELECT"}
    assert changes == {("trust_accessrecord", "INSERT")}
    assert ("buddying_dashboard", "django_session", "SELECT") not in granted
    assert {what for who, table, what in granted if table == "django_migrations"} == {"SELECT"}


def test_what_was_granted_by_mistake_is_taken_back(db: None) -> None:
    before = privileges()
    with connection.cursor() as cursor:
        cursor.execute("GRANT ALL ON sessions_log_word TO buddying_dashboard")
    roles.set_up()
    assert privileges() == before


def test_the_webs_login_is_made_and_owns_nothing(db: None, settings: Any) -> None:
    settings.WEB_DATABASE = settings.WEB_DATABASE | {"USER": LOGIN, "PASSWORD": "a password"}
    for _ in range(2):
        roles.set_up()
    [(can_log_in, is_super, bypasses, makes_roles)] = ask(
        "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", LOGIN
    )
    assert (can_log_in, is_super, bypasses, makes_roles) == (True, False, False, False)
    [(acts_as_web, acts_as_owner)] = ask(
        "SELECT pg_has_role(%s, 'buddying_web', 'MEMBER'), pg_has_role(%s, session_user, 'MEMBER')", LOGIN, LOGIN
    )
    assert (acts_as_web, acts_as_owner) == (True, False)


def test_an_owner_who_may_make_no_roles_is_told_what_to_ask_for(db: None, settings: Any) -> None:
    settings.WEB_ROLE = "buddying_nobodys_yet"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {LOGIN} NOSUPERUSER; GRANT {LOGIN} TO session_user; SET LOCAL ROLE {LOGIN}")
    with pytest.raises(roles.MayNotMakeRoles, match='CREATE ROLE "buddying_nobodys_yet" NOLOGIN'):
        roles.set_up()


# A connection as the web's, beside Django's


@pytest.fixture
def web(transactional_db: None) -> Iterator[Any]:
    name = connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(name)}").geturl()
    with closing(psycopg2.connect(url, options="-c role=buddying_web")) as line:
        line.autocommit = True
        with line.cursor() as cursor:
            yield cursor


def test_the_webs_connection_sees_no_content_until_somebody_acts(web: Any, filled: Any, ada: Person) -> None:
    for table in content_tables():
        web.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        assert web.fetchone() == (0,), table
    assert DataKey.objects.exists()
    web.execute("BEGIN; SELECT set_config('buddying.person', %s, true)", [str(ada.pk)])
    web.execute("SELECT count(*) FROM sessions_log_privatenote")
    assert web.fetchone() == (PrivateNote.objects.filter(author=ada).count(),)
    web.execute("COMMIT; SELECT count(*) FROM sessions_log_privatenote")
    assert web.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE sessions_log_privatenote DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON sessions_log_privatenote USING (true)",
        "TRUNCATE sessions_log_privatenote",
        "DELETE FROM django_migrations",
    ],
)
def test_the_web_cannot_lift_what_holds_it_back(web: Any, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        web.execute(statement)


def test_saying_upkeep_helps_the_web_nothing(web: Any, filled: Any) -> None:
    web.execute("SELECT set_config('buddying.purpose', 'upkeep', false)")
    web.execute("SELECT count(*) FROM trust_datakey")
    assert web.fetchone() == (0,)


def test_the_owner_is_bound_too_and_sees_all_for_upkeep_alone(filled: Any) -> None:
    """An owner who is no superuser, as on a managed server."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {LOGIN} NOSUPERUSER; GRANT {LOGIN} TO session_user")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            f"GRANT CREATE ON SCHEMA public TO {LOGIN}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {LOGIN}"
        )
        cursor.execute(f"ALTER TABLE sessions_log_privatenote OWNER TO {LOGIN}; SET LOCAL ROLE {LOGIN}")
        roles._let_keep(sql.Identifier("sessions_log_privatenote"))
        cursor.execute("SELECT set_config('buddying.purpose', '', true)")
        assert not PrivateNote.objects.exists()
        cursor.execute("SELECT set_config('buddying.purpose', 'upkeep', true)")
        assert PrivateNote.objects.exists()


# Settings


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("OWNER", "postgresql://owner@h/base")
    monkeypatch.setenv("WEB", "postgresql://web@h/base")
    return monkeypatch


def test_the_web_connects_by_its_own_login_in_its_role(given: Any) -> None:
    web = environment.web_database("OWNER", "WEB", "buddying_web")
    assert (web["USER"], web["OPTIONS"]["options"]) == ("web", "-c lock_timeout=5000 -c role=buddying_web")  # type: ignore[index]


def test_where_only_the_owner_is_given_the_web_puts_its_rights_aside(given: Any) -> None:
    given.delenv("WEB")
    web = environment.web_database("OWNER", "WEB", "buddying_web")
    assert (web["USER"], web["OPTIONS"]["options"]) == ("owner", "-c lock_timeout=5000 -c role=buddying_web")  # type: ignore[index]


def test_a_process_need_not_know_the_owner(given: Any) -> None:
    given.delenv("OWNER")
    assert environment.owner_database("OWNER", "WEB") is None
    given.delenv("WEB")
    with pytest.raises(ImproperlyConfigured):
        environment.owner_database("OWNER", "WEB")


def test_names_of_roles_are_plain(given: Any) -> None:
    assert environment.roles("ROLES", "buddying") == ("buddying_web", "buddying_dashboard")
    given.setenv("ROLES", "x; DROP")
    with pytest.raises(ImproperlyConfigured):
        environment.roles("ROLES", "buddying")


def test_without_an_owner_a_command_of_theirs_says_what_to_set(settings: Any, db: None) -> None:
    settings.CONNECTS_AS_OWNER, settings.OWNER_DATABASE = False, None
    with pytest.raises(roles.NoOwner, match="DATABASE_URL"), roles.as_owner(), transaction.atomic():
        pass
