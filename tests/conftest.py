"""The cast: Ada and Ben are a pair, Cleo is in the cohort, Dora leads it, Eve is an outsider with an
account, Max manages Ada, Olga administers. Dates lie around today: pairs are published, the cohort runs."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import Phase
from hypothesis import settings as hypothesis

from buddying import second_factor
from buddying.models import (
    Cohort,
    Participant,
    Person,
    Programme,
    RoleGrant,
    WeeklyWindow,
)
from matching.models import Pairing, PairingMember
from tests.browser import databases
from trust.models import forget_keys

# To explain a failure hypothesis traces every line of what it tests, which takes several times as long.
hypothesis.register_profile("without explanations", phases=[one for one in Phase if one is not Phase.explain])
hypothesis.load_profile("without explanations")

SLOWEST_FIRST = (
    "tests/browser/test_journey.py",
    "tests/browser/test_pages.py",
    "tests/trust/test_canaries.py",
    "tests/browser/test_faults.py",
    "tests/browser",
    "tests/reflection/test_nobody_learns_who_asked.py",
    "tests/matching/engine",
    "tests/sessions_log/test_clock_changes.py",
    "tests/sessions_log/test_never_lost_nor_doubled.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long begin first, so that no process is left alone with one at the end."""

    def turn(item: pytest.Item) -> int:
        places = (k for k, slow in enumerate(SLOWEST_FIRST) if item.nodeid.startswith(slow))
        return next(places, len(SLOWEST_FIRST))

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """What is loaded by now stays, so that nobody goes through all of it again and again for something to free."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def static_files_when_asked_for() -> None:
    """Otherwise every test client begins by listing all of them."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    own = tmp_path_factory.getbasetemp()
    with databases.migrated_once(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) as name:
        yield name


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, migrated_database: str) -> None:
    """The database of a worker is a copy, made in less than a second; migrating takes twenty."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated_database


@pytest.fixture(autouse=True)
def fresh_keys() -> Iterator[None]:
    """Data keys are kept for half a minute in a process; a test begins with none."""
    forget_keys()
    yield
    forget_keys()


@pytest.fixture
def make_person(db: None) -> Callable[..., Person]:
    def make(name: str, **fields: Any) -> Person:
        return Person.objects.create_user(email=f"{name.lower()}@example.org", name=name, **fields)

    return make


@pytest.fixture
def max_(make_person: Callable[..., Person]) -> Person:
    return make_person("Max")


@pytest.fixture
def ada(make_person: Callable[..., Person], max_: Person) -> Person:
    return make_person("Ada", manager=max_, team="Engines")


@pytest.fixture
def ben(make_person: Callable[..., Person]) -> Person:
    return make_person("Ben", team="Sales")


@pytest.fixture
def cleo(make_person: Callable[..., Person]) -> Person:
    return make_person("Cleo", team="Care")


@pytest.fixture
def eve(make_person: Callable[..., Person]) -> Person:
    return make_person("Eve")


@pytest.fixture
def dora(make_person: Callable[..., Person]) -> Person:
    dora = make_person("Dora")
    RoleGrant.objects.create(person=dora, role=RoleGrant.LEAD)
    return dora


@pytest.fixture
def olga(make_person: Callable[..., Person]) -> Person:
    olga = make_person("Olga")
    RoleGrant.objects.create(person=olga, role=RoleGrant.ADMINISTRATOR)
    return olga


@pytest.fixture
def today() -> date:
    return timezone.now().date()


@pytest.fixture
def programme(dora: Person) -> Programme:
    programme = Programme.objects.create(
        name="Buddies", template="three-month-buddying", purpose="Learn together.", created_by=dora
    )
    programme.add_lead(dora, added_by=dora)
    return programme


@pytest.fixture
def make_cohort(programme: Programme, today: date) -> Callable[..., Cohort]:
    def make(name: str = "Spring", *, days_since_start: int = 7, **fields: Any) -> Cohort:
        start = today - timedelta(days=days_since_start)
        dates = {
            "sign_up_opens_on": start - timedelta(days=28),
            "nominations_close_on": start - timedelta(days=7),
            "pairs_published_on": start - timedelta(days=3),
            "starts_on": start,
            "ends_on": start + timedelta(days=91),
        }
        return Cohort.objects.create(programme=programme, name=name, **(dates | fields))

    return make


@pytest.fixture
def cohort(make_cohort: Callable[..., Cohort]) -> Cohort:
    """A running cohort, a week after its start."""
    return make_cohort()


@pytest.fixture
def nominating_cohort(make_cohort: Callable[..., Cohort]) -> Cohort:
    """A cohort in which people still sign up and name buddies."""
    return make_cohort("Summer", days_since_start=-21)


@pytest.fixture
def take_part() -> Callable[..., Participant]:
    def take_part(person: Person, cohort: Cohort, **fields: Any) -> Participant:
        now = timezone.now()
        defaults = {"joined_at": now, "profile_completed_at": now, "hours_per_month": 4}
        return Participant.objects.create(cohort=cohort, person=person, **(defaults | fields))

    return take_part


@pytest.fixture
def participants(
    cohort: Cohort, ada: Person, ben: Person, cleo: Person, take_part: Callable[..., Participant]
) -> dict[str, Participant]:
    return {person.name: take_part(person, cohort) for person in (ada, ben, cleo)}


@pytest.fixture
def make_pairing() -> Callable[..., Pairing]:
    def make(*members: Participant, **fields: Any) -> Pairing:
        fields.setdefault("opened_at", timezone.now() - timedelta(days=60))
        pairing = Pairing.objects.create(cohort=members[0].cohort, **fields)
        PairingMember.objects.bulk_create(
            PairingMember(pairing=pairing, participant=member, joined_at=pairing.opened_at) for member in members
        )
        return pairing

    return make


@pytest.fixture
def pairing(participants: dict[str, Participant], make_pairing: Callable[..., Pairing]) -> Pairing:
    """Ada and Ben."""
    return make_pairing(participants["Ada"], participants["Ben"])


@pytest.fixture
def office_hours() -> Callable[..., None]:
    """Monday to Friday, nine to five, in the person's own zone."""

    def give(*people: Person) -> None:
        WeeklyWindow.objects.bulk_create(
            WeeklyWindow(person=person, weekday=day, starts_at=time(9), minutes=480)
            for person in people
            for day in range(5)
        )

    return give


def give_second_factor(person: Person) -> None:
    if second_factor.is_missing(person):
        Authenticator.objects.get_or_create(user=person, type=Authenticator.Type.TOTP, defaults={"data": {}})


@pytest.fixture
def as_(db: None) -> Callable[[Person | None], Client]:
    """A browser in which this person is logged in (nobody: a visitor); whoever needs a second factor has one."""

    def login(person: Person | None) -> Client:
        client = Client()
        if person is not None:
            give_second_factor(person)
            client.force_login(person)
        return client

    return login
