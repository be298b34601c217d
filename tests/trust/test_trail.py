"""Who looked: every page that shows a lead or an administrator somebody's name leaves a row that nobody can change."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from buddying.models import Cohort, Participant, Person, Programme
from buddying.retention import erase_old_looks
from tests.test_urlconf import RULES, Rule, ask, world
from trust.models import AccessRecord
from trust.trail import note_look

__all__ = ["world"]

MARKED = ("Ada", "Ben", "Cleo", "Fred", "Nell", "Eve", "Max")

# Pages on which a name is not a look at somebody's record.
NO_LOOK = {
    "insights:help": "who wrote to this lead in confidence",
    "reflection:conversation": "a word in confidence",
    "reflection:close_conversation": "a word in confidence",
    "insights:mail_preview": "Ada Example and Ben Example, who do not exist",
    "insights:mail_page": "Ada Example and Ben Example, who do not exist",
    "insights:home": "unread words in confidence",
    "outbox:choices": "examples",
}


@pytest.fixture
def named(world: SimpleNamespace) -> SimpleNamespace:
    """Everybody has a name that is part of no other word, Cleo has a manager, and nobody has looked yet."""
    Person.objects.filter(name="Cleo").update(manager=Person.objects.get(name="Eve"))
    for person in Person.objects.filter(name__in=MARKED):
        Person.objects.filter(pk=person.pk).update(name=f"{person.name}zqx")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE trust_accessrecord")
    return world


def shown(content: str) -> set[str]:
    return set(re.findall(r"\b(\w+)zqx\b", content))


def looks(viewer: Person) -> set[str]:
    names = AccessRecord.objects.filter(viewer=viewer).values_list("subject__name", flat=True)
    return {name.removesuffix("zqx") for name in names}


@pytest.mark.parametrize("who", ["Dora", "Olga"])
def test_a_name_on_a_page_is_a_look(who: str, named: SimpleNamespace, as_: Callable[[Person | None], Client]) -> None:
    """Each address is asked in a world in which nothing else was."""
    viewer, unseen = Person.objects.get(name=who), {}
    for name, rule in RULES.items():
        if who in rule.who and not rule.machine:
            with transaction.atomic():
                answer = ask_and_follow(as_(viewer), rule, reverse(name, args=rule.args(named)))
                page = resolve(answer.request["PATH_INFO"]).view_name
                seen = set() if answer.streaming or page in NO_LOOK else shown(answer.content.decode(errors="replace"))
                unseen[name] = seen - looks(viewer)
                transaction.set_rollback(True)
    assert [f"{name}: {names}" for name, names in unseen.items() if names] == []


def ask_and_follow(client: Client, rule: Rule, url: str) -> Any:
    return client.post(url, follow=True) if rule.post else client.get(url, follow=True)


ADMIN = [
    "/admin/",
    "/admin/buddying/person/",
    "/admin/buddying/person/?q=Ben",
    "/admin/buddying/person/{ada}/change/",
    "/admin/buddying/person/{ada}/history/",
    "/admin/buddying/person/add/",
    "/admin/buddying/rolegrant/",
    "/admin/buddying/rolegrant/add/",
    "/admin/buddying/programme/",
    "/admin/buddying/programme/{programme}/change/",
    "/admin/buddying/cohort/",
    "/admin/buddying/cohort/{cohort}/change/",
    "/admin/buddying/organisation/",
    "/admin/autocomplete/?app_label=buddying&model_name=person&field_name=manager&term=e",
    "/admin/autocomplete/?app_label=buddying&model_name=rolegrant&field_name=person&term=",
]


def test_so_it_is_in_the_configuration(
    named: SimpleNamespace, olga: Person, ada: Person, as_: Callable[[Person | None], Client]
) -> None:
    about = ContentType.objects.get_for_model(Person)
    LogEntry.objects.create(
        user=olga, content_type=about, object_id=str(ada.pk), object_repr="Adazqx", action_flag=CHANGE
    )
    numbers, unseen = {"ada": ada.pk, "programme": Programme.objects.get().pk, "cohort": named.cohort.pk}, {}
    for url in ADMIN:
        with transaction.atomic():
            answer = as_(olga).get(url.format(**numbers), follow=True)
            assert answer.status_code == 200, url
            unseen[url] = shown(answer.content.decode()) - looks(olga)
            transaction.set_rollback(True)
    assert {url: names for url, names in unseen.items() if names} == {}


def test_a_manager_reads_what_they_were_looked_at_for(
    named: SimpleNamespace, dora: Person, eve: Person, as_: Callable[[Person | None], Client]
) -> None:
    as_(dora).get(f"/cohorts/{named.cohort.pk}/people/{named.cleo.pk}/")
    (look,) = AccessRecord.objects.visible_to(eve)
    assert look.purpose == f"read that you are the manager of somebody in {named.cohort}"


def test_the_list_is_noted_in_one_go_and_read_by_its_subject(
    named: SimpleNamespace, dora: Person, ada: Person, as_: Callable[[Person | None], Client]
) -> None:
    as_(dora).get(f"/cohorts/{named.cohort.pk}/people/")
    (look,) = AccessRecord.objects.visible_to(ada)
    assert (look.viewer, look.purpose, look.cohort_id) == (
        dora,
        f"looked at the list of {named.cohort}",
        named.cohort.pk,
    )
    assert f"looked at the list of {named.cohort}" in as_(ada).get("/privacy/looks/").content.decode()
    assert "looked at the list" not in as_(dora).get("/privacy/looks/").content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_however_many_they_are(
    people: int, dora: Person, make_person: Callable[..., Person], django_assert_num_queries: Any
) -> None:
    seen = [make_person(f"P{number}") for number in range(people)]
    with django_assert_num_queries(2):
        note_look(dora, seen, "looked")
    assert AccessRecord.objects.count() == people


def test_no_row_is_ever_changed(dora: Person, ada: Person) -> None:
    note_look(dora, [ada], "looked")
    old = timezone.now() - timedelta(days=400)
    note_look(dora, [ada], "looked long ago", at=old)
    for change in (
        lambda: AccessRecord.objects.update(sentence="did nothing"),
        lambda: AccessRecord.objects.filter(sentence="looked long ago").update(viewer=None),
        lambda: AccessRecord.objects.filter(sentence="looked").delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    AccessRecord.objects.filter(sentence="looked long ago").delete()
    assert [look.purpose for look in AccessRecord.objects.all()] == ["looked"]


def test_looks_are_kept_as_long_as_the_programme_says(
    cohort: Cohort, dora: Person, ada: Person, make_cohort: Callable[..., Cohort]
) -> None:
    at = timezone.now()
    Programme.objects.update(trail_days=90)
    other = Programme.objects.create(name="Other", template="three-month-buddying", purpose="x", trail_days=1000)
    elsewhere = make_cohort("Elsewhere")
    Cohort.objects.filter(pk=elsewhere.pk).update(programme=other)
    for days in (89, 91, 366, 1001):
        for place in (cohort, elsewhere, None):
            note_look(dora, [ada], f"{days} {place and place.name}", at - timedelta(days=days), cohort=place)
    erase_old_looks(at)
    assert {look.purpose for look in AccessRecord.objects.all()} == {
        "89 Spring", "89 Elsewhere", "89 None", "91 Elsewhere", "91 None", "366 Elsewhere"
    }  # fmt: skip


def test_a_participant_who_reads_leaves_no_trace(
    named: SimpleNamespace, ada: Person, as_: Callable[[Person | None], Client]
) -> None:
    for name, rule in RULES.items():
        if "Ada" in rule.who and not rule.post and name != "account_logout":
            ask(as_(ada), rule, reverse(name, args=rule.args(named)))
    assert not AccessRecord.objects.filter(viewer=ada).exists()
    assert Participant.objects.filter(person=ada).exists()
