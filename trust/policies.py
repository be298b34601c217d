"""Policies for migrations: who sees and writes which rows of a content table, as SQL that says what its Audience says.

Security is forced, on the owner too. Where no policy lets a row through, it is not there.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.migrations.operations import RunSQL

PERSON = "buddying_person()"
DOWNLOADING = "downloading"
STARTS_AT = "(SELECT starts_at FROM sessions_log_coachingsession AS about WHERE about.id = {table}.session_id)"


def guard(table: str, sees: str, writes: str = "") -> Iterator[RunSQL]:
    """People see the rows for which ``sees`` is true, and write those for which ``writes`` is (the same, if not given).

    Whoever erases sees and removes any, and adds none.
    """
    yield RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )
    yield policy(table, "its_people", "ALL", sees, writes or sees)
    yield allow(table, "erasing", "SELECT", "UPDATE", "DELETE")


def allow(table: str, purpose: str, *commands: str, rows: str = "true") -> RunSQL:
    """What the product does by itself (trust.acting.Purpose): these commands, on these rows."""
    rule = f"buddying_purpose() = '{purpose}' AND ({rows})"
    names = {f"{purpose.replace(' ', '_')}_{command.lower()}": command for command in commands}
    return RunSQL(
        [_create(table, name, command, rule, rule) for name, command in names.items()],
        [_drop(table, name) for name in names],
    )


def policy(table: str, name: str, command: str, sees: str, writes: str) -> RunSQL:
    return RunSQL(_create(table, name, command, sees, writes), _drop(table, name))


def _create(table: str, name: str, command: str, sees: str, writes: str) -> str:
    using = "" if command == "INSERT" else f" USING ({sees.replace('{table}', table)})"
    check = "" if command in ("SELECT", "DELETE") else f" WITH CHECK ({writes.replace('{table}', table)})"
    return f"CREATE POLICY {name} ON {table} FOR {command}{using}{check}"


def _drop(table: str, name: str) -> str:
    return f"DROP POLICY {name} ON {table}"


def own(column: str = "author_id") -> str:
    return f"{{table}}.{column} = {PERSON}"


# In a pairing, whether or not they have left it since.
SAT = """EXISTS (
    SELECT FROM matching_pairingmember AS seat
    JOIN buddying_participant AS member ON member.id = seat.participant_id
    WHERE seat.pairing_id = PAIRING AND member.person_id = buddying_person()
)"""

SEAT = """EXISTS (
        SELECT FROM matching_pairingmember AS seat
        JOIN buddying_participant AS member ON member.id = seat.participant_id
        JOIN matching_pairing AS pair ON pair.id = seat.pairing_id
        WHERE seat.pairing_id = PAIRING AND member.person_id = buddying_person()
          AND (seat.left_at IS NULL OR seat.left_at = pair.closed_at)SINCE
    )"""


def seat_in(pairing: str = "{table}.pairing_id", of: str = "") -> str:
    """As ``matching.models.pairings.member_of``."""
    since = f" AND seat.joined_at <= {of}" if of else ""
    return SEAT.replace("PAIRING", pairing).replace("SINCE", since)
