"""What is unsafe about this installation: a sentence for each, for whoever runs it."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import connection
from django.db.models import Min

from trust.content import content_tables
from trust.keys import CannotRead
from trust.models import DataKey

WHO_CONNECTS = """
SELECT session_user, current_user, bool_or(rolsuper), bool_or(rolbypassrls), bool_or(
    pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'trust_datakey'::regclass), 'MEMBER')
)
FROM pg_roles WHERE rolname IN (session_user, current_user)
"""
ROLE = "SELECT rolsuper OR rolbypassrls OR rolcanlogin FROM pg_roles WHERE rolname = %s"
# The owner's own policy guards nothing.
GUARDS = """
SELECT relname, relrowsecurity, relforcerowsecurity,
       EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname <> 'upkeep')
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) ORDER BY relname
"""
GRANTS = """
SELECT relname, string_agg(privilege, ', ' ORDER BY privilege)
FROM pg_class, pg_roles, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) AND rolname = %s AND (
    has_table_privilege(pg_roles.oid, pg_class.oid, privilege)
    OR privilege NOT IN ('DELETE', 'TRUNCATE') AND has_any_column_privilege(pg_roles.oid, pg_class.oid, privilege)
)
GROUP BY relname ORDER BY relname
"""
VIEWS = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace
  AND (relkind = 'm' OR relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY(reloptions), false))
ORDER BY relname
"""
FUNCTIONS = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY proname"


def of_the_settings() -> Iterator[str]:
    if not settings.BASE_URL.startswith("https://"):
        yield f"BUDDYING_BASE_URL is {settings.BASE_URL}: what people write travels in clear. Use https://."
    for message in run_checks(tags=[Tags.security], include_deployment_checks=True):
        yield f"{message.msg} ({message.id})"


def of_the_web() -> Iterator[str]:
    """Asked over the connection that the web uses."""
    for look in (_connection, _roles, _guards, _grants, _back_doors):
        yield from look()


def of_the_keys() -> Iterator[str]:
    """Asked as the owner, who sees all keys. One of each name is tried."""
    wrapped = DataKey.objects.filter(wrapped__isnull=False)
    oldest = wrapped.values_list("wrapping_key").annotate(Min("created_at")).order_by("wrapping_key")
    for name, created_at in oldest:
        if not _opens(wrapped.filter(wrapping_key=name, created_at=created_at)[0]):
            there = "another key of that name" if name in settings.CONTENT_KEYS else "no key of that name"
            yield (
                f"{wrapped.filter(wrapping_key=name).count():,} data keys were wrapped with “{name}”, and "
                f"BUDDYING_CONTENT_KEYS has {there}: what was written with them cannot be read."
            )


def _opens(key: DataKey) -> bool:
    try:
        key.unwrapped()
    except CannotRead:
        return False
    return True


def _connection() -> Iterator[str]:
    [(login, role, is_super, bypasses, is_owner)] = _rows(WHO_CONNECTS)
    if role != settings.WEB_ROLE:
        yield f"The web acts in the role “{role}” and not as “{settings.WEB_ROLE}”."
    if is_super:
        yield f"The web connects as “{login}”, a superuser: row-level security does not hold it back."
    elif bypasses:
        yield f"The web connects as “{login}”, who has BYPASSRLS: row-level security does not hold it back."
    elif is_owner:
        yield f"The web connects as “{login}”, who owns the tables and could lift row-level security."
    if is_super or bypasses or is_owner:
        yield "Give the web a login of its own: set BUDDYING_WEB_DATABASE_URL and run manage.py set_up_roles."


def _roles() -> Iterator[str]:
    for role in (settings.WEB_ROLE, settings.DASHBOARD_ROLE):
        found = _rows(ROLE, role)
        if not found:
            yield f"There is no role “{role}”: run manage.py set_up_roles."
        elif found[0][0]:
            yield f"The role “{role}” can log in, is a superuser or has BYPASSRLS; it should be none of these."


def _guards() -> Iterator[str]:
    for table, enabled, forced, has_policy in _rows(GUARDS, content_tables()):
        if not enabled:
            yield f"Row-level security is off on {table}: whoever queries it sees what everybody wrote."
        elif not forced:
            yield f"Row-level security on {table} does not bind the owner of the table."
        if not has_policy:
            yield f"No policy says who may see what in {table}."


def _grants() -> Iterator[str]:
    for table, privileges in _rows(GRANTS, content_tables(), settings.DASHBOARD_ROLE):
        yield f"The role of dashboards has {privileges} on {table}: run manage.py set_up_roles."


def _back_doors() -> Iterator[str]:
    """What runs with the rights of its owner, whoever asks."""
    for (view,) in _rows(VIEWS):
        yield f"The view {view} shows whatever its owner may see: drop it, or give it security_invoker."
    for (function,) in _rows(FUNCTIONS):
        yield f"The function {function} has the rights of its owner (SECURITY DEFINER); none of ours has."


def _rows(statement: str, *parameters: str | list[str]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return cursor.fetchall()
