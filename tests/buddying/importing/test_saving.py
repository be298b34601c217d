from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from buddying import nominating
from buddying.importing.plan import NOTHING, Choices, Plan, Source
from buddying.importing.saving import Imported, import_files, plan_import
from buddying.models import Cohort, Invitation, Nomination, Participant, Person, Refusal

pytestmark = pytest.mark.django_db

PEOPLE = (
    "id,name,email,department,level,manager_id\n1,Ann,ann@x.org,Care,1,\n2,Bob,bob@x.org,Care,2,1\n3,Cem,,Sales,2,1\n"
)
NAMED = "from_id,to_id,rank_or_weight,kind\n2,3,1,\n2,1,2,\n3,1,-1,\n"
AGREED = Choices(agreed=True)


def take(cohort: Cohort, people: str = "", named: str = "", choices: Choices = AGREED, **more: Any) -> Imported:
    done = import_files(cohort, *sources(people, named), choices, **more)
    assert [str(problem) for problem in done.plan.problems] == []
    return done


def sources(people: str, named: str) -> tuple[Source, Source]:
    return (
        Source("people.csv", people) if people else NOTHING,
        Source("nominations.csv", named) if named else NOTHING,
    )


def refused(cohort: Cohort, people: str = "", named: str = "") -> list[str]:
    before = everything()
    done = import_files(cohort, *sources(people, named), AGREED)
    assert everything() == before
    return [str(problem) for problem in done.plan.problems]


def everything() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values()) for model in (Person, Participant, Nomination, Refusal, Invitation)
    ]


def listed(cohort: Cohort) -> list[tuple[Any, ...]]:
    rows = cohort.participants.order_by("reference")  # type: ignore[attr-defined]
    columns = ("name", "email", "department", "level", "manager__name")
    return list(rows.values_list("reference", *(f"person__{column}" for column in columns)))


def wishes(cohort: Cohort) -> list[tuple[str, str, int | None]]:
    rows = Nomination.objects.filter(nominator__cohort=cohort).order_by("nominator", "rank", "pk")
    return list(rows.values_list("nominator__reference", "nominee__reference", "rank"))


def test_people_and_wishes_arrive(nominating_cohort: Cohort) -> None:
    done = take(nominating_cohort, PEOPLE, NAMED)
    assert (done.added, done.invited) == (3, 0)
    assert listed(nominating_cohort) == [
        ("1", "Ann", "ann@x.org", "Care", 1, None),
        ("2", "Bob", "bob@x.org", "Care", 2, "Ann"),
        ("3", "Cem", None, "Sales", 2, "Ann"),
    ]
    assert wishes(nominating_cohort) == [("2", "3", 1), ("2", "1", 2)]
    assert [str(row.refused) for row in Refusal.objects.all()] == ["Ann"]
    assert Participant.objects.present().count() == 3
    assert not any(person.has_usable_password() for person in Person.objects.all())
    nominated = Participant.objects.filter(nominated_at__isnull=False)
    assert [one.reference for one in nominated] == ["2"]
    assert Person.objects.get(name="Ann").time_zone == nominating_cohort.time_zone


def test_the_same_files_again_change_nothing(nominating_cohort: Cohort) -> None:
    take(nominating_cohort, PEOPLE, NAMED)
    people = list(Person.objects.values())
    participants = list(Participant.objects.values())
    done = take(nominating_cohort, PEOPLE, NAMED)
    assert (done.added, done.plan.totals.new, done.plan.totals.known) == (0, 0, 3)
    assert list(Person.objects.values()) == people
    assert list(Participant.objects.values()) == participants
    assert len(wishes(nominating_cohort)) == 2


def test_what_the_organisation_knows_follows_the_file(nominating_cohort: Cohort) -> None:
    take(nominating_cohort, PEOPLE)
    take(nominating_cohort, "id,department,level,manager_id\n2,Law,,3\n3,,1,\n")
    assert listed(nominating_cohort) == [
        ("1", "Ann", "ann@x.org", "Care", 1, None),
        ("2", "Bob", "bob@x.org", "Law", None, "Cem"),
        ("3", "Cem", None, "", 1, None),
    ]


def test_a_column_that_is_missing_changes_nothing(nominating_cohort: Cohort) -> None:
    take(nominating_cohort, PEOPLE)
    before = listed(nominating_cohort)
    take(nominating_cohort, "id\n1\n2\n3\n")
    assert listed(nominating_cohort) == before


def test_what_people_say_of_themselves_is_theirs_once_they_logged_in(nominating_cohort: Cohort) -> None:
    take(nominating_cohort, "id,name,email,team,time_zone,hours_per_month\n1,Ann,ann@x.org,,Europe/Berlin,4\n")
    take(nominating_cohort, "id,name\n1,Anne\n")
    ann = Person.objects.get(email="ann@x.org")
    assert ann.name == "Anne"
    Person.objects.update(last_login=timezone.now())
    take(nominating_cohort, "id,name,team,time_zone,hours_per_month,level\n1,Annie,Care,UTC,9,3\n")
    ann.refresh_from_db()
    assert (ann.name, ann.team, ann.time_zone, ann.level) == ("Anne", "Care", "Europe/Berlin", 3)
    assert ann.participations.get().hours_per_month == 4


def test_an_address_is_never_changed(nominating_cohort: Cohort) -> None:
    take(nominating_cohort, PEOPLE)
    assert refused(nominating_cohort, "id,email\n1,mallory@x.org\n") == [
        "people.csv, line 2, column “email”: “1” is in the cohort already, with another address."
    ]
    take(nominating_cohort, "id,email\n3,CEM@x.org\n")
    assert Person.objects.get(name="Cem").email == "cem@x.org"


def test_somebody_who_is_known_by_address_is_not_made_again(nominating_cohort: Cohort, eve: Person) -> None:
    done = take(nominating_cohort, "id,name,email\n7,Evelyn,EVE@example.org\n")
    assert done.added == 1
    assert Participant.objects.get(reference="7").person == eve
    assert Person.objects.filter(email__iexact="eve@example.org").count() == 1


def test_somebody_on_the_list_without_an_id_gets_one(
    nominating_cohort: Cohort, ada: Person, take_part: Callable[..., Participant]
) -> None:
    mine = take_part(ada, nominating_cohort)
    done = take(nominating_cohort, "id,email\n7,ada@example.org\n")
    assert (done.added, done.plan.totals.known) == (0, 1)
    mine.refresh_from_db()
    assert mine.reference == "7"


def test_addresses_that_clash(nominating_cohort: Cohort, eve: Person) -> None:
    take(nominating_cohort, PEOPLE)
    assert refused(nominating_cohort, "id,email\n9,ann@x.org\n") == [
        "people.csv, line 2, column “email”: This address is in the cohort already, with the id “1”."
    ]
    assert refused(nominating_cohort, "id,email\n3,eve@example.org\n") == [
        "people.csv, line 2, column “email”: Somebody else has this address already."
    ]
    Person.objects.filter(pk=eve.pk).update(deactivated_at=timezone.now())
    assert refused(nominating_cohort, "id,email\n9,eve@example.org\n") == [
        "people.csv, line 2, column “email”: The account of this address is closed. An administrator can open it again."
    ]


def test_one_problem_and_nothing_is_imported(nominating_cohort: Cohort) -> None:
    assert refused(nominating_cohort, PEOPLE + "4,Dan,nowhere,,,\n", NAMED) == [
        "people.csv, line 5, column “email”: “nowhere” is not an e-mail address."
    ]
    assert refused(nominating_cohort, PEOPLE, NAMED + "4,1,1,\n") == [
        "nominations.csv, line 5, column “from_id”: “4” is no id among the people, nor in the cohort."
    ]


def test_problems_of_both_files_are_named_at_once(nominating_cohort: Cohort) -> None:
    assert refused(nominating_cohort, "id,level\n1,x\n", "from_id,to_id,rank\n1,2,3,4\n") == [
        "nominations.csv, line 2: This line has 4 cells where the heading has 3.",
        "people.csv, line 2, column “level”: “x” is not a whole number.",
    ]


def test_nominations_alone_are_for_people_who_are_here(nominating_cohort: Cohort) -> None:
    take(nominating_cohort, PEOPLE)
    take(nominating_cohort, named=NAMED)
    assert wishes(nominating_cohort) == [("2", "3", 1), ("2", "1", 2)]


def test_a_later_file_replaces_an_earlier_ones_wishes(nominating_cohort: Cohort) -> None:
    take(nominating_cohort, PEOPLE, NAMED)
    take(nominating_cohort, named="from_id,to_id\n2,1\n3,1\n")
    assert wishes(nominating_cohort) == [("2", "1", 1), ("3", "1", 1)]
    assert not Refusal.objects.exists()


def test_what_people_chose_here_stays(nominating_cohort: Cohort) -> None:
    take(nominating_cohort, PEOPLE)
    bob, cem = (Participant.objects.get(reference=reference) for reference in "23")
    nominating.refuse(bob, cem)
    done = take(nominating_cohort, named=NAMED)
    assert "1 person has chosen here themselves" in done.plan.warnings[0]
    assert wishes(nominating_cohort) == []
    assert Refusal.objects.get(refuser=bob).refused == cem


def test_whoever_left_stays_out(nominating_cohort: Cohort) -> None:
    take(nominating_cohort, PEOPLE, NAMED)
    Participant.objects.filter(reference="3").update(left_at=timezone.now())
    done = take(nominating_cohort, PEOPLE, NAMED)
    assert "1 person has left this cohort and stays out." in done.plan.warnings
    assert Participant.objects.get(reference="3").left_at is not None
    assert wishes(nominating_cohort) == [("2", "1", 1)]


def test_who_has_not_agreed_is_listed_and_invited_once(nominating_cohort: Cohort, dora: Person) -> None:
    done = take(nominating_cohort, PEOPLE, choices=Choices(), by=dora)
    assert done.invited == 2
    assert Participant.objects.present().count() == 0
    invitations = Invitation.objects.order_by("email").values_list("email", "invited_by")
    assert list(invitations) == [("ann@x.org", dora.pk), ("bob@x.org", dora.pk)]
    assert take(nominating_cohort, PEOPLE, choices=Choices(), by=dora).invited == 0


def test_agreeing_later_joins_and_keeps_the_first_date(nominating_cohort: Cohort) -> None:
    take(nominating_cohort, PEOPLE, choices=Choices())
    take(nominating_cohort, PEOPLE)
    first = set(Participant.objects.values_list("joined_at", flat=True))
    assert None not in first
    take(nominating_cohort, PEOPLE)
    assert set(Participant.objects.values_list("joined_at", flat=True)) == first


def test_another_cohort_is_left_alone(nominating_cohort: Cohort, make_cohort: Callable[..., Cohort]) -> None:
    other = make_cohort("Autumn", days_since_start=-30)
    take(other, PEOPLE, NAMED)
    before = wishes(other)
    take(nominating_cohort, PEOPLE, "from_id,to_id\n1,2\n")
    assert wishes(other) == before
    assert Person.objects.filter(email="ann@x.org").count() == 1


def warnings(cohort: Cohort, people: str, named: str = "") -> list[str]:
    return plan(cohort, people, named).warnings


def plan(cohort: Cohort, people: str, named: str = "", choices: Choices = AGREED) -> Plan:
    return plan_import(cohort, *sources(people, named), choices)


def test_warnings(nominating_cohort: Cohort) -> None:
    assert warnings(nominating_cohort, PEOPLE, NAMED) == [
        "1 person has no e-mail address: they can be matched, but cannot log in or get mail.",
        "1 person was named by nobody in the file.",
        "2 people name nobody in the file.",
        "1 first to third wish is for the person’s own manager or report: those two are never paired.",
    ]
    assert warnings(nominating_cohort, "id,email\n1,a@b.org\n2,b@b.org\n") == [
        "2 people have no name: they are called “Person” and their id until they say otherwise."
    ]


def test_kinds_that_are_not_clear_are_asked_for(nominating_cohort: Cohort) -> None:
    named = "from_id,to_id,rank,kind\n1,2,1,advice\n2,1,1,friendship\n"
    undecided = plan(nominating_cohort, PEOPLE, named)
    assert (undecided.problems, undecided.undecided, undecided.ready) == ([], True, False)
    assert import_files(nominating_cohort, *sources(PEOPLE, named), AGREED).added == 0
    assert not Participant.objects.exists()
    assert plan(nominating_cohort, PEOPLE, named, Choices(kinds=("advice",))).ready
    assert [str(problem) for problem in plan(nominating_cohort, PEOPLE, named, Choices(kinds=("x",))).problems] == [
        "nominations.csv, column “kind”: No row is of the kind “x”. Kinds found: advice, friendship."
    ]


def test_unused_columns_are_named(nominating_cohort: Cohort) -> None:
    found = plan(nominating_cohort, "id,age,Shoe size\n1,2,3\n")
    assert found.unused == {"people.csv": ("age", "Shoe size")}


def test_a_large_import_asks_a_bounded_number_of_queries(nominating_cohort: Cohort) -> None:
    people = "id,name,email,manager_id\n" + "".join(f"{n},P{n},p{n}@x.org,{n // 10 or ''}\n" for n in range(1, 3001))
    named = "from_id,to_id\n" + "".join(f"{n},{n % 3000 + 1}\n" for n in range(1, 3001))
    with CaptureQueriesContext(connection) as queries:
        take(nominating_cohort, people, named)
    assert len(queries) < 40
    assert Participant.objects.count() == Nomination.objects.count() == 3000
    with CaptureQueriesContext(connection) as queries:
        take(nominating_cohort, people, named)
    assert len(queries) < 40
