from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buddying import nominating
from buddying.models import Cohort, Nomination, Participant, Person, Refusal
from buddying.nominating import ALSO, NOTHING, REFUSED, WISH, NotPossible, Standing, choice_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(
    nominating_cohort: Cohort, make_person: Callable[..., Person], take_part: Callable[..., Participant]
) -> list[Participant]:
    names = ("Ada", "Ben", "Cleo", "Finn", "Gil", "Hana")
    return [take_part(make_person(name), nominating_cohort) for name in names]


def ranks(participant: Participant) -> list[tuple[str, int | None]]:
    return [(str(row.nominee), row.rank) for row in Nomination.objects.filter(nominator=participant)]


def refused(participant: Participant) -> list[str]:
    return [str(row.refused) for row in Refusal.objects.filter(refuser=participant)]


def test_naming_in_order_moving_and_removing(people: list[Participant]) -> None:
    ada, ben, cleo, finn, *_ = people
    for fellow in (ben, cleo, finn):
        nominating.name(ada, fellow)
    assert ranks(ada) == [("Ben", 1), ("Cleo", 2), ("Finn", 3)]
    assert nominating.move(ada, finn, -1).after == Standing(WISH, 2)
    nominating.move(ada, ben, -1)
    nominating.move(ada, cleo, 1)
    assert ranks(ada) == [("Ben", 1), ("Finn", 2), ("Cleo", 3)]
    nominating.withdraw(ada, ben)
    assert ranks(ada) == [("Finn", 1), ("Cleo", 2)]


def test_undoing_a_removal_gives_the_place_back(people: list[Participant]) -> None:
    ada, ben, cleo, *_ = people
    nominating.name(ada, ben)
    nominating.name(ada, cleo)
    change = nominating.withdraw(ada, ben)
    assert change.before == Standing(WISH, 1)
    nominating.name(ada, ben, place=change.before.place)
    assert ranks(ada) == [("Ben", 1), ("Cleo", 2)]


def test_a_fourth_wish_is_not_possible(people: list[Participant]) -> None:
    ada, ben, cleo, finn, gil, _ = people
    for fellow in (ben, cleo, finn):
        nominating.name(ada, fellow)
    with pytest.raises(NotPossible, match="You have named three people"):
        nominating.name(ada, gil)
    nominating.also(ada, gil)
    assert ranks(ada) == [("Ben", 1), ("Cleo", 2), ("Finn", 3), ("Gil", None)]


def test_a_wish_can_become_also_and_back(people: list[Participant]) -> None:
    ada, ben, cleo, *_ = people
    nominating.name(ada, ben)
    nominating.name(ada, cleo)
    assert nominating.also(ada, ben).before == Standing(WISH, 1)
    assert ranks(ada) == [("Cleo", 1), ("Ben", None)]
    assert nominating.name(ada, ben).before == Standing(ALSO)
    assert ranks(ada) == [("Cleo", 1), ("Ben", 2)]


def test_a_wish_replaces_a_refusal_and_the_reverse(people: list[Participant]) -> None:
    ada, ben, *_ = people
    nominating.refuse(ada, ben)
    assert nominating.name(ada, ben).before == Standing(REFUSED)
    assert (ranks(ada), refused(ada)) == ([("Ben", 1)], [])
    assert nominating.refuse(ada, ben).before == Standing(WISH, 1)
    assert (ranks(ada), refused(ada)) == ([], ["Ben"])
    assert nominating.withdraw(ada, ben).after == Standing(NOTHING)
    assert refused(ada) == []


def test_saying_the_same_again_changes_nothing(people: list[Participant]) -> None:
    ada, ben, cleo, *_ = people
    nominating.name(ada, ben)
    nominating.refuse(ada, cleo)
    before = (list(Nomination.objects.values()), list(Refusal.objects.values()))
    nominating.name(ada, ben)
    nominating.refuse(ada, cleo)
    nominating.withdraw(ada, people[3])
    assert (list(Nomination.objects.values()), list(Refusal.objects.values())) == before


def test_only_fellows_who_are_there(
    people: list[Participant],
    cohort: Cohort,
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
) -> None:
    ada = people[0]
    elsewhere = take_part(make_person("Ivo"), cohort)
    listed = take_part(make_person("Jan"), ada.cohort, joined_at=None)
    left = take_part(make_person("Kim"), ada.cohort, left_at=timezone.now())
    for fellow in (elsewhere, listed, left, ada):
        for verb in (nominating.name, nominating.also, nominating.refuse, nominating.withdraw):
            with pytest.raises(NotPossible):
                verb(ada, fellow)


def test_nobody_who_reports_to_the_other_is_named(people: list[Participant]) -> None:
    ada, ben, cleo, *_ = people
    Person.objects.filter(pk=ada.person_id).update(manager=ben.person_id)
    Person.objects.filter(pk=cleo.person_id).update(manager=ada.person_id)
    ada, ben, cleo = (Participant.objects.get(pk=one.pk) for one in (ada, ben, cleo))
    for fellow in (ben, cleo):
        with pytest.raises(NotPossible):
            nominating.name(ada, fellow)
        with pytest.raises(NotPossible):
            nominating.also(ada, fellow)
    nominating.refuse(ada, ben)
    assert (ranks(ada), refused(ada)) == ([], ["Ben"])


def test_the_time_and_leaving_end_it(people: list[Participant]) -> None:
    ada, ben, *_ = people
    nominating.name(ada, ben)
    over = ada.cohort.nominations_close_at
    for verb in (nominating.name, nominating.also, nominating.refuse, nominating.withdraw):
        with pytest.raises(NotPossible, match="is over"):
            verb(ada, ben, at=over)
        verb(ada, ben, at=over - timedelta(seconds=1))
    with pytest.raises(NotPossible):
        nominating.finish(ada, at=over)
    Participant.objects.filter(pk=ada.pk).update(left_at=timezone.now())
    with pytest.raises(NotPossible):
        nominating.name(ada, ben)


def test_a_wish_for_somebody_who_left_is_passed_over(people: list[Participant]) -> None:
    ada, ben, cleo, finn, gil, _ = people
    for fellow in (ben, cleo, finn):
        nominating.name(ada, fellow)
    nominating.refuse(ada, gil)
    Participant.objects.filter(pk__in=[ben.pk, gil.pk]).update(left_at=timezone.now())
    choice = choice_of(ada)
    assert (choice.wishes, choice.gone, choice.refused) == ([cleo, finn], [ben], [])
    assert choice.standing_of(cleo) == Standing(WISH, 1)
    nominating.name(ada, people[5])
    assert ranks(ada) == [("Cleo", 1), ("Finn", 2), ("Hana", 3)]
    assert refused(ada) == ["Gil"]  # who may come back


def test_done_is_noted_once(people: list[Participant]) -> None:
    ada = people[0]
    nominating.finish(ada)
    first = Participant.objects.get(pk=ada.pk).nominated_at
    nominating.finish(ada)
    assert Participant.objects.get(pk=ada.pk).nominated_at == first is not None


def test_own_choice_is_noted(people: list[Participant]) -> None:
    ada, ben, *_ = people
    nominating.withdraw(ada, ben)
    assert Participant.objects.get(pk=ada.pk).chose_at is None
    nominating.refuse(ada, ben)
    assert Participant.objects.get(pk=ada.pk).chose_at is not None


def test_search_by_name_and_team(people: list[Participant]) -> None:
    ada, ben, cleo, *_ = people
    Person.objects.filter(pk__in=[ben.person_id, cleo.person_id]).update(team="Customer care")
    assert list(nominating.found(ada, "care")) == [ben, cleo]
    assert list(nominating.found(ada, "CLEO care")) == [cleo]
    assert list(nominating.found(ada, "ada")) == []
    assert list(nominating.found(ada, "%")) == []
    assert len(nominating.found(ada, "")) == 5


def test_eight_words_are_looked_for_once_each(people: list[Participant]) -> None:
    """Each word once in names and once in teams: what the database is asked does not double with every word."""
    assert str(nominating.found(people[0], "a b c d e f g h").query).count("LIKE") == 16


Step = tuple[str, int, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["name", "also", "refuse", "withdraw", "up", "down", "leave", "return"]),
        st.integers(1, 5),
        st.integers(1, 3),
    ),
    max_size=25,
)


@given(steps)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ranks_stay_one_to_n_whatever_is_done(people: list[Participant], steps: list[Step]) -> None:
    ada = people[0]
    Nomination.objects.all().delete()
    Refusal.objects.all().delete()
    Participant.objects.update(left_at=None)
    for verb, number, place in steps:
        _do(verb, ada, people[number], place)
        _holds(ada)


def _do(verb: str, ada: Participant, fellow: Participant, place: int) -> None:
    doing: dict[str, Callable[[], Any]] = {
        "name": lambda: nominating.name(ada, fellow, place),
        "also": lambda: nominating.also(ada, fellow),
        "refuse": lambda: nominating.refuse(ada, fellow),
        "withdraw": lambda: nominating.withdraw(ada, fellow),
        "up": lambda: nominating.move(ada, fellow, -1),
        "down": lambda: nominating.move(ada, fellow, 1),
        "leave": lambda: Participant.objects.filter(pk=fellow.pk).update(left_at=timezone.now()),
        "return": lambda: Participant.objects.filter(pk=fellow.pk).update(left_at=None),
    }
    with suppress(NotPossible):
        doing[verb]()


def _holds(ada: Participant) -> None:
    used = [rank for _, rank in ranks(ada) if rank is not None]
    assert used == list(range(1, len(used) + 1))
    assert len(used) <= 3
    named = set(Nomination.objects.filter(nominator=ada).values_list("nominee", flat=True))
    said_no = set(Refusal.objects.filter(refuser=ada, refused__left_at=None).values_list("refused", flat=True))
    assert not named & said_no
