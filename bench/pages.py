"""A large organisation, and how long each main page takes in it.

    python -m bench.pages                                  1,000 cohorts, 100,000 people, 1,000,000 sessions
    python -m bench.pages --cohorts 20 --people 50 --sessions 10

In a database of its own beside that of DATABASE_URL, filled by SQL and kept with --keep. Prints for each page the
queries, the median and the 95th percentile of its time, and the ratio to an empty page behind the same middleware,
asked in turn with it in the same process. Times are those of one request after another, without a network.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlsplit

LOAD = os.getloadavg()
EMPTY = "/empty/"


@dataclass(frozen=True)
class Size:
    """``people`` in a cohort, ``sessions`` of a pairing."""

    cohorts: int
    people: int
    sessions: int

    @property
    def programmes(self) -> int:
        return max(1, self.cohorts // 20)

    def __str__(self) -> str:
        people, sessions = self.cohorts * self.people, self.cohorts * (self.people // 2) * self.sessions
        return f"{self.cohorts:,} cohorts, {people:,} people, {sessions:,} sessions"


# -- filling -----------------------------------------------------------------------------------------


def fill(size: Size) -> None:
    from buddying.models import Organisation

    Organisation.objects.get_or_create(pk=1)
    for step in (_people, _programmes, _participants, _runs, _pairings, _agreements, _sessions, _seats, _said, _mail):
        began = time.perf_counter()
        step(size)
        print(f"  {step.__name__[1:]:<14}{time.perf_counter() - began:6.1f} s", flush=True)
    ask("ANALYZE")


def _people(size: Size) -> None:
    from buddying.models import Person, RoleGrant, WeeklyWindow

    insert(
        Person,
        f"generate_series(1, {size.cohorts * size.people + size.programmes + 1}) n",
        id="n",
        email="'person' || n || '@made.example'",
        name="'Person ' || n",
        department="'Department ' || (n % 40)",
        team="'Team ' || (n % 400)",
        password="'!'",
        time_zone="'Europe/London'",
    )
    insert(RoleGrant, "(SELECT 1) one", person_id=str(_administrator(size)), role="'administrator'")
    people = f"generate_series(1, {size.cohorts * size.people}) n, generate_series(0, 4) day"
    insert(WeeklyWindow, people, person_id="n", weekday="day", starts_at="'09:00'::time", minutes="480")


def _administrator(size: Size) -> int:
    return size.cohorts * size.people + size.programmes + 1


def _lead(size: Size, programme: int) -> int:
    return size.cohorts * size.people + programme


def _programmes(size: Size) -> None:
    from buddying.models import Cohort, Programme
    from buddying.models.programmes import ProgrammeLead

    numbers = f"generate_series(1, {size.programmes}) n"
    insert(
        Programme, numbers, id="n", name="'Programme ' || n", template="'three-month-buddying'",
        outcomes="'Each listens.' || chr(10) || 'Each asks.'", topics="ARRAY[]::varchar[]",
    )  # fmt: skip
    insert(ProgrammeLead, numbers, programme_id="n", person_id=f"{size.cohorts * size.people} + n")
    start = f"'{datetime.now(UTC).date() - timedelta(days=30)}'::date - (n % 24) * 30"
    insert(
        Cohort, f"generate_series(1, {size.cohorts}) n", id="n", programme_id=f"1 + n % {size.programmes}",
        name="'Cohort ' || n", time_zone="'Europe/London'", join_token="'token' || n", session_minutes="60",
        sign_up_opens_on=f"{start} - 28", nominations_close_on=f"{start} - 7", pairs_published_on=f"{start} - 3",
        starts_on=start, ends_on=f"{start} + 91",
    )  # fmt: skip


def _participants(size: Size) -> None:
    from buddying.models import Nomination, Participant

    everybody = (
        f"generate_series(1, {size.cohorts * size.people}) n JOIN buddying_cohort c ON {_cohort_of(size)} = c.id"
    )
    insert(
        Participant, everybody, id="n", cohort_id="c.id", person_id="n", hours_per_month="4",
        added_at="c.starts_on - 20", joined_at="c.starts_on - 15", profile_completed_at="c.starts_on - 15",
        nominated_at="CASE WHEN n % 10 < 7 THEN c.starts_on - 10 END",
        wants="ARRAY[]::varchar[]", offers="ARRAY[]::varchar[]",
    )  # fmt: skip
    wishes = f"generate_series(1, {size.cohorts * size.people}) n"
    insert(Nomination, f"{wishes} WHERE n % 10 < 7", nominator_id="n", nominee_id=_neighbour(size), rank="1")


def _cohort_of(size: Size) -> str:
    return f"1 + (n - 1) / {size.people}"


def _neighbour(size: Size) -> str:
    return f"CASE WHEN n % {size.people} = 0 THEN n - 1 ELSE n + 1 END"


def _pair(size: Size) -> str:
    """Whose pairing it is: two neighbours have one."""
    return "(n + 1) / 2"


def _runs(size: Size) -> None:
    from matching.models import MatchRun, Proposal, ProposalSeat

    insert(
        MatchRun, "buddying_cohort c", id="c.id", cohort_id="c.id", requested_at="c.starts_on - 6",
        finished_at="c.starts_on - 6", published_at="c.starts_on - 3", snapshot="'{}'", plan="'{}'",
    )  # fmt: skip
    seats = f"generate_series(1, {size.cohorts * size.people}) n"
    insert(
        Proposal,
        f"{seats} WHERE n % 2 = 0",
        id="n / 2",
        run_id=_cohort_of(size),
        number="n / 2",
        tier="'mutual'",
        weight="1",
    )
    insert(
        ProposalSeat, seats, proposal_id=_pair(size), run_id=_cohort_of(size), participant_id="n",
        tier="CASE WHEN n % 3 = 0 THEN 'one-way' ELSE 'mutual' END",
    )  # fmt: skip


def _pairings(size: Size) -> None:
    from matching.models import Pairing, PairingMember

    everybody = (
        f"generate_series(1, {size.cohorts * size.people}) n JOIN buddying_cohort c ON {_cohort_of(size)} = c.id"
    )
    insert(
        Pairing, f"{everybody} WHERE n % 2 = 0", id="n / 2", cohort_id="c.id", run_id="c.id",
        opened_at="c.starts_on - 3",
    )  # fmt: skip
    insert(PairingMember, everybody, pairing_id=_pair(size), participant_id="n", joined_at="c.starts_on - 3")


def _agreements(size: Size) -> None:
    from reflection.models import Agreement, Signature

    insert(
        Agreement, "matching_pairing p", id="gen_random_uuid()", pairing_id="p.id", version="1",
        text="'\\x00'::bytea", written_at="p.opened_at",
    )  # fmt: skip
    both = "reflection_agreement a JOIN matching_pairingmember m USING (pairing_id) WHERE a.pairing_id % 20 > 0"
    insert(Signature, both, agreement_id="a.id", person_id="m.participant_id", signed_at="a.written_at")


def _sessions(size: Size) -> None:
    """Evenly over the cohort's weeks; what is past was held, but for one in twelve."""
    from sessions_log.models import CoachingSession

    start = f"c.starts_on + interval '9 hours' + interval '1 day' * (k * 88.0 / {size.sessions} + p.id % 4)::float"
    each = f"matching_pairing p JOIN buddying_cohort c ON c.id = p.cohort_id, generate_series(0, {size.sessions - 1}) k"
    insert(
        CoachingSession, each, uid="gen_random_uuid()", pairing_id="p.id", starts_at=start, minutes="60", how="'place'",
        ends_at=f"{start} + interval '1 hour'", booked_at="c.starts_on", arranged_at="c.starts_on",
        held_at=f"CASE WHEN {start} < now() AND (p.id + k) % 12 > 0 THEN {start} + interval '1 hour' END",
    )  # fmt: skip


def _seats(size: Size) -> None:
    """The exclusion constraint is built once over all of them: it holds for them, too."""
    from django.db import connection

    from sessions_log.models import Seat

    constraint = next(one for one in Seat._meta.constraints if one.name == "nobody_is_booked_twice")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Seat, constraint)
    insert(
        Seat, "sessions_log_coachingsession s JOIN matching_pairingmember m USING (pairing_id)", session_id="s.id",
        person_id="m.participant_id", period="tstzrange(s.starts_at, s.ends_at)",
    )  # fmt: skip
    with connection.schema_editor() as editor:
        editor.add_constraint(Seat, constraint)


def _said(size: Size) -> None:
    from reflection.models import FitCheck, OutcomeRating, ReflectionPrompt, ReflectionScale
    from sessions_log.models import Usefulness

    held = "sessions_log_coachingsession s JOIN matching_pairingmember m USING (pairing_id) WHERE s.held_at IS NOT NULL"
    insert(
        Usefulness, held, session_id="s.id", person_id="m.participant_id", given_at="s.held_at",
        value="1 + (s.id + m.participant_id) % 5",
    )  # fmt: skip
    first = """(SELECT DISTINCT ON (pairing_id) * FROM sessions_log_coachingsession WHERE held_at IS NOT NULL
        ORDER BY pairing_id, starts_at) s JOIN matching_pairingmember m USING (pairing_id)"""
    insert(
        FitCheck, first, pairing_id="s.pairing_id", session_id="s.id", person_id="m.participant_id", round="1",
        asked_at="s.held_at", answered_at="s.held_at",
        answer="(ARRAY['good', 'deciding', 'not-good'])[1 + m.participant_id % 3]",
    )  # fmt: skip
    insert(
        ReflectionPrompt, first, pairing_id="s.pairing_id", person_id="m.participant_id",
        prompted_at="s.held_at", answered_at="CASE WHEN m.participant_id % 4 > 0 THEN s.held_at END",
    )  # fmt: skip
    insert(
        ReflectionScale, "reflection_reflectionprompt p WHERE p.answered_at IS NOT NULL", prompt_id="p.id",
        author_id="p.person_id", question="'balance'", value="2 + p.person_id % 3",
    )  # fmt: skip
    digests = _digests()
    joined = f"buddying_participant p, unnest(ARRAY{digests}) o, unnest(ARRAY['before', 'after']) moment"
    insert(
        OutcomeRating, f"{joined} WHERE moment = 'before' OR p.cohort_id % 24 > 3", participant_id="p.id",
        outcome="o", moment="moment", given_at="p.joined_at",
        value="CASE moment WHEN 'before' THEN 1 + p.id % 3 ELSE 3 + p.id % 3 END",
    )  # fmt: skip
    del size


def _digests() -> list[str]:
    from buddying.models import Programme
    from reflection.goal_setting import hoped_for

    return [one.digest for one in hoped_for(Programme.objects.all()[0])]


def _mail(size: Size) -> None:
    from outbox.models import Message

    insert(
        Message, "matching_pairingmember m JOIN matching_pairing p ON p.id = m.pairing_id", kind="'pairing_published'",
        key="'pairing_published:' || m.id", recipient_id="m.participant_id", about_id="m.pairing_id::text",
        cohort_id="p.cohort_id", params="'{}'", created_at="p.opened_at", due_at="p.opened_at",
        next_try_at="p.opened_at", sent_at="p.opened_at", dated_at="p.opened_at",
    )  # fmt: skip
    del size


def months_of(number: int) -> str:
    """The last months by the verb itself, the latest one timed; those before it copied without figures."""
    from django.utils import timezone

    from insights.models import CohortMonth, Snapshot
    from insights.snapshots import month_before, take

    taken = [month_before(timezone.now())]
    while len(taken) < number:
        taken.append((taken[-1] - timedelta(days=1)).replace(day=1))
    seconds = 0.0
    for month in reversed(taken[:2]):
        began = time.perf_counter()
        snapshot = take(month)
        seconds = time.perf_counter() - began
    rows = list(CohortMonth.objects.filter(snapshot=snapshot).values())
    for month in taken[2:]:
        older = Snapshot.objects.create(month=month)
        CohortMonth.objects.bulk_create(
            [CohortMonth(**(row | {"id": None, "snapshot_id": older.pk})) for row in rows], batch_size=5000
        )
    refused = "refused by the auditor" if snapshot.refused_at else f"{snapshot.figures.count():,} figures"
    ask("ANALYZE")
    return f"The snapshot of {snapshot} took {seconds:.0f} s: {refused}, {snapshot.held_back} held back."


def insert(model: Any, source: str, **columns: str) -> None:
    """Rows from SQL; what is not named gets the field's default."""
    for field in model._meta.concrete_fields:
        made_here = field.primary_key and field.get_internal_type() != "UUIDField"
        if field.attname not in columns and not field.null and not made_here:
            columns[field.attname] = _default(field)
    table, names = model._meta.db_table, ", ".join(f'"{name}"' for name in columns)
    ask(f'INSERT INTO "{table}" ({names}) SELECT {", ".join(columns.values())} FROM {source}')
    if model._meta.pk.get_internal_type() == "BigAutoField":
        ask(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 1) FROM \"{table}\"))")


def _default(field: Any) -> str:
    kind, value = field.get_internal_type(), field.get_default()
    if kind == "DateTimeField":
        return "now()"
    if kind == "JSONField":
        return f"'{'[]' if value == [] else '{}'}'::jsonb"
    if kind == "UUIDField":
        return "gen_random_uuid()"
    if isinstance(value, (int, float)):
        return str(value)
    return "'" + str(value or "").replace("'", "''") + "'"


def ask(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


# -- measuring ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    name: str
    who: int
    url: str


def pages(size: Size) -> list[Page]:
    """A cohort in its weeks: the first has the number 24, or there is but one."""
    cohort = min(24, size.cohorts)
    person, lead = (cohort - 1) * size.people + 1, _lead(size, 1 + cohort % size.programmes)
    administrator = _administrator(size)
    some = "&".join(f"cohort={number}" for number in range(max(1, cohort - 3), cohort + 1))
    return [
        Page("home of somebody who takes part", person, "/"),
        Page("the pair's page", person, f"/pairings/{(person + 1) // 2}/"),
        Page("home of a lead", lead, "/"),
        Page("cohort: the lead's dashboard", lead, f"/cohorts/{cohort}/"),
        Page("cohort: one page for sponsors", lead, f"/cohorts/{cohort}/report/"),
        Page("cohort: people", lead, f"/cohorts/{cohort}/people/"),
        Page("cohort: pairings", lead, f"/cohorts/{cohort}/pairings/"),
        Page("cohort: matching", lead, f"/cohorts/{cohort}/matching/"),
        Page("cohort: mail", lead, f"/cohorts/{cohort}/mail/"),
        Page("programmes", administrator, "/programmes/"),
        Page("overview: the administrator's dashboard", administrator, "/overview/"),
        Page("overview of one programme", administrator, "/overview/?programme=1"),
        Page("four cohorts side by side", administrator, f"/overview/cohorts/?{some}"),
        Page("operations", administrator, "/overview/mail/"),
    ]


def measure(size: Size, repeats: int) -> Iterator[str]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from buddying.models import Person

    yield "| page | queries | median, ms | p95, ms | times an empty page |"
    yield "|---|---:|---:|---:|---:|"
    for page in pages(size):
        client = Client(raise_request_exception=True)
        client.force_login(Person.objects.get(pk=page.who))
        for url in (page.url, EMPTY, page.url):
            if client.get(url).status_code != 200:
                raise SystemExit(f"{page.name}: {client.get(url).status_code} for {url}")
        with CaptureQueriesContext(connection) as queries:
            client.get(page.url)
        number, ours, empty = len(queries), [], []
        for _ in range(repeats):
            ours.append(_timed(client.get, page.url))
            empty.append(_timed(client.get, EMPTY))
        times = f"{_at(ours, 0.5):,.0f} | {_at(ours, 0.95):,.0f} | {_at(ours, 0.5) / _at(empty, 0.5):,.0f}"
        yield f"| {page.name} | {number} | {times} |"
    yield f"| an empty page | 2 | {_at(empty, 0.5):,.1f} | {_at(empty, 0.95):,.1f} | 1 |"


def _timed(get: Callable[[str], object], url: str) -> float:
    began = time.perf_counter()
    get(url)
    return 1000 * (time.perf_counter() - began)


def _at(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _add_empty_page() -> None:
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    from buddying import urls

    def empty(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(bool(request.user.is_authenticated)))

    urls.urlpatterns.append(path(EMPTY.strip("/") + "/", empty))


# -- a database ----------------------------------------------------------------------------------------


@contextmanager
def database_of_its_own(size: Size, keep: bool) -> Iterator[bool]:
    """Says whether it has to be filled."""
    import django
    import psycopg2
    from django.core.management import call_command

    given = urlsplit(os.environ["DATABASE_URL"])
    name = f"{unquote(given.path[1:])}_bench_pages_{size.cohorts}_{size.people}_{size.sessions}"
    os.environ["DATABASE_URL"] = given._replace(path=f"/{quote(name)}").geturl()

    def ask_server(statement: str) -> list[Any]:
        line = psycopg2.connect(given._replace(path="/postgres").geturl())
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(statement)
            found = cursor.fetchall() if cursor.description else []
        line.close()
        return found

    is_there = bool(ask_server(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))
    if not is_there:
        ask_server(f'CREATE DATABASE "{name}"')
    try:
        django.setup()
        call_command("migrate", verbosity=0)
        yield not is_there
    finally:
        from django.db import connection

        connection.close()
        if not keep:
            ask_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--cohorts", type=int, default=1000)
    asked.add_argument("--people", type=int, default=100, help="in a cohort")
    asked.add_argument("--sessions", type=int, default=20, help="of a pairing")
    asked.add_argument("--repeats", type=int, default=20)
    asked.add_argument("--keep", action="store_true", help="leave the database, and take it as it is next time")
    given = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddying.settings")
    size = Size(given.cohorts, given.people, given.sessions)
    with database_of_its_own(size, given.keep) as is_empty:
        _add_empty_page()
        print(f"{size}.", flush=True)
        if is_empty:
            fill(size)
            print(months_of(24), flush=True)
        for line in measure(size, given.repeats):
            print(line, flush=True)
    print(f"\nLoad before: {LOAD[0]:.1f}; {os.cpu_count()} processors.")


if __name__ == "__main__":
    main()
