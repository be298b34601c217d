from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import combinations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buddying import joining
from buddying.models import Cohort, Participant, Person, Refusal
from equipping import arranging, rounds
from equipping.models import Practice, PracticeGroup, PracticeSeat
from matching import pausing
from matching.models import Pairing
from outbox.kinds import kind_of
from outbox.models import Message
from trust.models import AccessRecord

As = Callable[[Person | None], Client]
TakePart = Callable[..., Participant]


def together(practice: Practice) -> set[frozenset[str]]:
    groups = [[person.name for person in group.people()] for group in practice.groups.all()]
    return {frozenset(pair) for names in groups for pair in combinations(names, 2)}


def propose(cohort: Cohort, by: Person) -> Practice:
    return arranging.propose(Practice(), cohort, by=by)


@pytest.fixture
def six(cohort: Cohort, make_person: Callable[..., Person], take_part: TakePart) -> dict[str, Participant]:
    names = ("Gus", "Hana", "Ivo", "Joy", "Kai", "Lena")
    return {name: take_part(make_person(name), cohort) for name in names}


def test_nobody_is_with_their_line_nor_with_whom_they_refused(
    cohort: Cohort, six: dict[str, Participant], participants: dict[str, Participant], dora: Person
) -> None:
    """Gus reports to Hana, who reports to somebody outside, who reports to Ivo."""
    boss = Person.objects.create(name="Boss", manager=six["Ivo"].person)
    for below, above in ((six["Gus"].person, six["Hana"].person), (six["Hana"].person, boss)):
        below.manager = above
        below.save()
    Refusal.objects.create(refuser=six["Joy"], refused=six["Kai"])
    pairs = together(propose(cohort, dora))
    assert len(pairs) == 9  # three threes
    for never in (("Gus", "Hana"), ("Hana", "Ivo"), ("Gus", "Ivo"), ("Joy", "Kai")):
        assert frozenset(never) not in pairs


def test_a_refusal_is_honoured_from_either_side_and_named_nowhere(
    as_: As, cohort: Cohort, participants: dict[str, Participant], dora: Person
) -> None:
    Refusal.objects.create(refuser=participants["Ada"], refused=participants["Ben"])
    browser = as_(dora)
    browser.post(reverse("equipping:practices", args=[cohort.pk]), {"coaching_minutes": 10, "feedback_minutes": 5})
    page = browser.get(reverse("equipping:practices", args=[cohort.pk])).content.decode()
    assert frozenset(("Ada", "Ben")) not in together(Practice.objects.get())
    assert "Nothing can be said about why" in page
    assert "refus" not in page.lower()


def test_who_pauses_has_left_or_cannot_log_in_is_left_out(
    cohort: Cohort, six: dict[str, Participant], dora: Person, today: object
) -> None:
    pausing.pause(six["Gus"], timezone.now().date() + timedelta(days=9))
    joining.leave(six["Hana"])
    Person.objects.filter(pk=six["Ivo"].person_id).update(deactivated_at=timezone.now())
    Participant.objects.create(cohort=cohort, person=Person.objects.create(name="Nell"))
    assert together(propose(cohort, dora)) == {frozenset(p) for p in combinations(("Joy", "Kai", "Lena"), 2)}


def test_departments_are_mixed(cohort: Cohort, six: dict[str, Participant], dora: Person) -> None:
    first, second, *_ = propose(cohort, dora).groups.all()[0].people()
    Person.objects.filter(pk__in=[first.pk, second.pk]).update(department="Sales")
    assert frozenset((first.name, second.name)) not in together(propose(cohort, dora))


def test_buddies_and_who_has_practised_together_are_kept_apart(
    cohort: Cohort, six: dict[str, Participant], dora: Person, make_pairing: Callable[..., Pairing]
) -> None:
    first, second, *_ = propose(cohort, dora).groups.all()[0].people()
    make_pairing(six[first.name], six[second.name])
    practice = propose(cohort, dora)
    assert frozenset((first.name, second.name)) not in together(practice)
    arranging.publish(practice, by=dora)
    again = propose(cohort, dora)
    assert len(together(again) & together(practice)) == 2  # of six, in two threes no fewer can meet again


def test_a_new_proposal_takes_the_place_of_the_old_one(
    cohort: Cohort, participants: dict[str, Participant], dora: Person
) -> None:
    propose(cohort, dora)
    newest = propose(cohort, dora)
    assert Practice.objects.get() == newest


def test_one_person_alone_has_nobody_to_practise_with(
    cohort: Cohort, dora: Person, ada: Person, take_part: TakePart
) -> None:
    take_part(ada, cohort)
    with pytest.raises(arranging.NobodyToPractise):
        propose(cohort, dora)
    assert not Practice.objects.exists()


def test_publishing_tells_everybody_once(
    cohort: Cohort, participants: dict[str, Participant], dora: Person, ada: Person
) -> None:
    practice = propose(cohort, dora)
    assert not Message.objects.exists()
    assert not PracticeGroup.objects.visible_to(ada).exists()
    for _ in range(2):
        arranging.publish(practice, by=dora)
    told = Message.objects.filter(kind="practice_arranged")
    assert sorted(message.recipient.name for message in told) == ["Ada", "Ben", "Cleo"]
    assert list(PracticeGroup.objects.visible_to(ada)) == [practice.groups.get()]


def test_the_letter(practice: Practice, group: PracticeGroup, ada: Person, ben: Person) -> None:
    message = Message.objects.get(kind="practice_arranged", recipient=ada)
    letter = kind_of("practice_arranged").compose(message)
    assert letter is not None
    assert letter.subject == "You practise with Ben and Cleo"
    assert "Where: Room 4" in letter.text
    assert "Find a time that suits you all." in letter.text
    assert reverse("equipping:group", args=[group.pk]) in letter.text
    assert "Sales" in (letter.html or "")
    rounds.finish(group)
    assert kind_of("practice_arranged").compose(message) is None


def test_the_letter_is_not_wanted_by_somebody_who_has_left(
    practice: Practice, participants: dict[str, Participant], ada: Person
) -> None:
    joining.leave(participants["Ada"])
    assert kind_of("practice_arranged").compose(Message.objects.get(kind="practice_arranged", recipient=ada)) is None


@pytest.mark.parametrize("change", ["somebody came", "somebody left", "a refusal", "a manager"])
def test_what_no_longer_holds_is_proposed_anew_and_nobody_is_told(
    cohort: Cohort, six: dict[str, Participant], dora: Person, fred: Person, take_part: TakePart, change: str
) -> None:
    practice = propose(cohort, dora)
    first, second = practice.groups.all()[0].people()[:2]
    if change == "somebody came":
        take_part(fred, cohort)
    elif change == "somebody left":
        joining.leave(six["Gus"])
    elif change == "a refusal":
        Refusal.objects.create(refuser=six[first.name], refused=six[second.name])
    else:
        Person.objects.filter(pk=first.pk).update(manager=second)
    with pytest.raises(arranging.Changed):
        arranging.publish(practice, by=dora)
    anew = Practice.objects.get()
    assert (anew.published_at, anew != practice, Message.objects.filter(kind="practice_arranged").exists()) == (
        None,
        True,
        False,
    )
    arranging.publish(anew, by=dora)


def test_a_proposal_is_thrown_away_but_nothing_published(practice: Practice, cohort: Cohort, dora: Person) -> None:
    proposal = propose(cohort, dora)
    for one in (proposal, practice, proposal):
        arranging.withdraw(one)
    assert Practice.objects.get() == practice


def test_the_lead_sees_done_or_not_yet_and_the_people_see_that_they_looked(
    as_: As, practice: Practice, group: PracticeGroup, cohort: Cohort, dora: Person, ada: Person
) -> None:
    url = reverse("equipping:practices", args=[cohort.pk])
    assert "not yet" in as_(dora).get(url).content.decode()
    rounds.finish(group)
    page = as_(dora).get(url).content.decode()
    assert ("done" in page, "not yet" in page) == (True, False)
    looks = AccessRecord.objects.filter(viewer=dora).select_related("subject")
    assert {(look.subject.name, look.purpose) for look in looks} == {
        (name, f"looked at the practice groups of {cohort}") for name in ("Ada", "Ben", "Cleo")
    }


def test_a_lead_proposes_and_publishes_on_the_page(
    as_: As, cohort: Cohort, participants: dict[str, Participant], dora: Person, ada: Person
) -> None:
    url, browser = reverse("equipping:practices", args=[cohort.pk]), as_(dora)
    soon = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    fields = {"starts_at": soon, "place": "Room 4", "coaching_minutes": "10", "feedback_minutes": "4"}
    assert as_(ada).post(url, fields).status_code == 404
    assert browser.post(url, fields)["Location"] == url
    assert "A proposal" in browser.get(url).content.decode()
    practice = Practice.objects.get()
    assert (practice.place, practice.coaching_minutes, practice.arranged_by) == ("Room 4", 10, dora)
    browser.post(reverse("equipping:publication", args=[practice.pk]))
    page = browser.get(url).content.decode()
    assert ("A proposal" in page, "Published on" in page) == (False, True)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"starts_at": "2020-01-01T10:00"}, "Choose a time to come"),
        ({"starts_at": "9999-12-31T23:59-14:00"}, "until your cohort ends"),  # in UTC a year that no row can be read of
        ({"coaching_minutes": "2"}, "greater than or equal to 3"),
        ({"feedback_minutes": "31"}, "less than or equal to 30"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    as_: As, cohort: Cohort, participants: dict[str, Participant], dora: Person, wrong: dict[str, str], why: str
) -> None:
    fields = {"place": "Room 4", "coaching_minutes": "10", "feedback_minutes": "4"} | wrong
    answer = as_(dora).post(reverse("equipping:practices", args=[cohort.pk]), fields)
    text = answer.content.decode()
    assert (answer.status_code, why in text, "Room 4" in text) == (422, True, True)
    assert not Practice.objects.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_as_often_for_many_groups_as_for_one(
    as_: As,
    cohort: Cohort,
    dora: Person,
    make_person: Callable[..., Person],
    take_part: TakePart,
    many: int,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for number in range(3 * many):
        take_part(make_person(f"P{number}"), cohort)
    arranging.publish(propose(cohort, dora), by=dora)
    browser = as_(dora)
    browser.get(reverse("equipping:practices", args=[cohort.pk]))
    with django_assert_num_queries(10):
        browser.get(reverse("equipping:practices", args=[cohort.pk]))
    assert PracticeSeat.objects.count() == 3 * many
