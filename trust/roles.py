"""The roles in PostgreSQL: the owner of the tables, the web, and dashboards, which have no grant on content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from psycopg2 import sql

from trust.content import content_tables

# What the dashboards' role must not read either: who is logged in, and by what.
NOT_FOR_DASHBOARDS = (
    "django_session",
    "buddying_browsersession",
    "mfa_authenticator",
    "socialaccount_socialaccount",
    "socialaccount_socialtoken",
)
LOOKS = "trust_accessrecord"
NOT_ALLOWED = "42501"  # SQLSTATE, as the two below
DONE_MEANWHILE = {"42710", "23505", "XX000"}  # exists; unique key; “tuple concurrently updated”


class NoOwner(Exception):
    """This process was not told how to connect as the owner of the tables."""


class MayNotMakeRoles(Exception):
    """The owner has no CREATEROLE, and a role is missing."""


@contextmanager
def as_owner() -> Iterator[None]:
    """Everything inside is asked as the owner of the tables, and may touch all rows."""
    if settings.CONNECTS_AS_OWNER:
        yield
        return
    if settings.OWNER_DATABASE is None:
        raise NoOwner("Set DATABASE_URL to the address at which the owner of the tables connects.")
    web = connections["default"]
    web.close()
    connections["default"] = owner = type(web)(web.settings_dict | settings.OWNER_DATABASE, "default")
    try:
        yield
    finally:
        owner.close()
        connections["default"] = web


def set_up() -> None:
    """Roles, grants, and the owner's own policy on content. Idempotent; asked as the owner."""
    for role in (settings.WEB_ROLE, settings.DASHBOARD_ROLE):
        _make(role)
    for member in _logins():
        _let_be(member)
    with transaction.atomic():
        _grant_to_the_web()
        _grant_to_dashboards()
        _let_the_owner_keep()


def _logins() -> list[str]:
    """Whoever connects and then acts as one of the roles: the owner, and the web's login where it has its own."""
    return list(dict.fromkeys([_me(), _login()]))


def _login() -> str:
    """The web's login, made where it is missing."""
    web: dict[str, Any] = settings.WEB_DATABASE
    if not web["USER"] or web["USER"] == _me():
        return _me()
    if not _exists(web["USER"]):
        _do_once("CREATE ROLE {} LOGIN PASSWORD {}", sql.Identifier(web["USER"]), sql.Literal(web["PASSWORD"]))
    return str(web["USER"])


def _make(role: str) -> None:
    if not _exists(role):
        _do_once("CREATE ROLE {} NOLOGIN", sql.Identifier(role))


def _let_be(member: str) -> None:
    """From PostgreSQL 16 on, whoever makes a role is its member and still may not act as it."""
    right = "SET" if connection.pg_version >= 160000 else "MEMBER"  # type: ignore[attr-defined]
    for role in (settings.WEB_ROLE, settings.DASHBOARD_ROLE):
        if not _ask("SELECT pg_has_role(%s, %s, %s)", [member, role, right]):
            _do_once("GRANT {} TO {}", sql.Identifier(role), sql.Identifier(member))


def _do_once(statement: str, *parts: sql.Composable) -> None:
    """Two who set up at once, in two databases of one server, may both find it missing."""
    try:
        with transaction.atomic():
            _do(statement, *parts)
    except DatabaseError as error:
        code = getattr(error.__cause__, "pgcode", "")
        if code == NOT_ALLOWED:
            said = sql.SQL(statement).format(*parts[:2], sql.SQL("'…'")).as_string(connection.connection)
            raise MayNotMakeRoles(said) from error
        if code not in DONE_MEANWHILE:
            raise


def _grant_to_the_web() -> None:
    web = sql.Identifier(settings.WEB_ROLE)
    _do("GRANT USAGE ON SCHEMA public TO {}", web)
    _do("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}", web)
    _do("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", web)
    for table in _present(["django_migrations"]):
        _do("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}", table, web)


def _grant_to_dashboards() -> None:
    """It reads, and notes whose data was looked at."""
    dashboard = sql.Identifier(settings.DASHBOARD_ROLE)
    _do("GRANT USAGE ON SCHEMA public TO {}", dashboard)
    _do("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}", dashboard)
    for table in _present([*content_tables(), *NOT_FOR_DASHBOARDS]):
        _do("REVOKE ALL ON {} FROM {}", table, dashboard)
    for table in _present([LOOKS]):
        _do("GRANT INSERT ON {} TO {}", table, dashboard)
        _do("GRANT USAGE ON SEQUENCE {} TO {}", sql.Identifier(f"{LOOKS}_id_seq"), dashboard)


def _let_the_owner_keep() -> None:
    """Security is forced on the owner, too: all rows are there only for who says that it is for upkeep."""
    for table in _present(content_tables()):
        _let_keep(table)


def _let_keep(table: sql.Identifier) -> None:
    rule = sql.SQL("current_setting('buddying.purpose', true) = 'upkeep'")
    _do("DROP POLICY IF EXISTS upkeep ON {}", table)
    _do("CREATE POLICY upkeep ON {} TO CURRENT_USER USING ({}) WITH CHECK ({})", table, rule, rule)


def _present(names: Iterable[str]) -> list[sql.Identifier]:
    """Without tables that a migration has not made yet, or has taken back."""
    there = set(connection.introspection.table_names())
    return [sql.Identifier(name) for name in names if name in there]


def _exists(role: str) -> bool:
    return bool(_ask("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role]))


def _me() -> str:
    return str(_ask("SELECT session_user", []))


def _ask(statement: str, parameters: list[str]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


def _do(statement: str, *parts: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*parts))
