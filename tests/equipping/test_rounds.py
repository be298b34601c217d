from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buddying import joining
from buddying.models import Participant, Person
from equipping import rounds
from equipping.models import ObserverNote, Practice, PracticeGroup, PracticeNote
from insights.home import home_for

As = Callable[[Person | None], Client]


@pytest.mark.parametrize("size", [2, 3, 4])
def test_each_coaches_once_is_coached_once_and_observes_the_rest(size: int) -> None:
    people = list("abcd"[:size])
    plan = rounds.roles_of(people)
    assert [one.number for one in plan] == list(range(1, size + 1))
    assert sorted(one.coach for one in plan) == sorted(one.coachee for one in plan) == people
    for one in plan:
        assert sorted([one.coach, one.coachee, *one.observers]) == people
        assert len(one.observers) == size - 2


def test_in_a_three_each_has_each_role_once() -> None:
    plan = rounds.roles_of(["ada", "ben", "cleo"])
    assert [[one.of(who) for one in plan] for who in ("ada", "ben", "cleo")] == [
        ["coach", "observer", "coachee"],
        ["coachee", "coach", "observer"],
        ["observer", "coachee", "coach"],
    ]


def begun(group: PracticeGroup) -> list[int]:
    return list(group.rounds.values_list("number", flat=True))


def test_rounds_begin_in_turn_and_once(group: PracticeGroup) -> None:
    at = timezone.now()
    rounds.begin(group, 2, at)
    assert begun(group) == []
    rounds.begin(group, 1, at)
    rounds.begin(group, 1, at + timedelta(minutes=3))
    assert [(one.number, one.started_at) for one in group.rounds.all()] == [(1, at)]
    rounds.begin(group, 2, at)
    rounds.begin(group, 3, at)
    rounds.begin(group, 4, at)
    assert begun(group) == [1, 2, 3]


def test_a_round_begun_too_early_is_taken_back(group: PracticeGroup) -> None:
    rounds.begin(group, 1)
    rounds.begin(group, 2)
    rounds.take_back(group, 1)
    assert begun(group) == [1, 2]
    rounds.take_back(group, 2)
    rounds.take_back(group, 2)
    assert begun(group) == [1]
    rounds.finish(group)
    rounds.take_back(group, 1)
    rounds.begin(group, 2)
    assert begun(group) == [1]


def test_finished_is_finished(group: PracticeGroup) -> None:
    at = timezone.now()
    rounds.finish(group, at)
    rounds.finish(group, at + timedelta(hours=1))
    group.refresh_from_db()
    assert group.finished_at == at


def test_the_parts_of_a_round_end_when_the_practice_says(practice: Practice, group: PracticeGroup) -> None:
    at = timezone.now()
    rounds.begin(group, 1, at)
    one = group.rounds.get()
    assert (one.feedback_at - at, one.ends_at - at) == (timedelta(minutes=12), timedelta(minutes=17))


def page_of(group: PracticeGroup) -> str:
    return reverse("equipping:group", args=[group.pk])


def test_the_group_alone_sees_its_page(
    as_: As, group: PracticeGroup, ada: Person, ben: Person, dora: Person, eve: Person, olga: Person
) -> None:
    statuses = [as_(who).get(page_of(group)).status_code for who in (ada, ben, dora, eve, olga)]
    assert statuses == [200, 200, 404, 404, 404]


def test_a_lead_or_outsider_can_press_no_button(as_: As, group: PracticeGroup, dora: Person, eve: Person) -> None:
    for who in (dora, eve):
        for name, args in (("beginning", [group.pk, 1]), ("taking_back", [group.pk, 1]), ("finish", [group.pk])):
            assert as_(who).post(reverse(f"equipping:{name}", args=args)).status_code == 404
    group.refresh_from_db()
    assert (begun(group), group.finished_at) == ([], None)


def test_every_screen_shows_the_same_round_and_a_reload_keeps_it(
    as_: As, group: PracticeGroup, ada: Person, ben: Person, cleo: Person
) -> None:
    as_(ada).post(reverse("equipping:beginning", args=[group.pk, 1]))
    shown = {who.name: as_(who).get(page_of(group)) for who in (ada, ben, cleo)}
    again = as_(ben).get(page_of(group))
    ends = {page.context["current"].ends_at for page in [*shown.values(), again]}
    assert len(ends) == 1
    assert {name: page.context["my_role"] for name, page in shown.items()} == {
        "Ada": "coach",
        "Ben": "coachee",
        "Cleo": "observer",
    }
    at = ends.pop()
    for page in shown.values():
        assert f'data-clock-until="{at.timestamp():.3f}"' in page.content.decode()


def test_without_a_script_the_page_says_the_times(as_: As, group: PracticeGroup, ada: Person) -> None:
    rounds.begin(group, 1)
    one = group.rounds.get()
    text = as_(ada).get(page_of(group)).content.decode()
    for at in (one.feedback_at, one.ends_at):
        assert f"<b>{timezone.localtime(at, ada.zone):%H:%M}</b>" in text
    assert "Look again" in text


def test_a_screen_that_asks_again_gets_an_answer_only_when_something_has_changed(
    as_: As, group: PracticeGroup, ada: Person
) -> None:
    browser = as_(ada)
    seen = browser.get(page_of(group)).context["version"]
    asked = {"query_params": {"seen": seen}, "headers": {"HX-Request": "true"}}
    assert browser.get(page_of(group), **asked).status_code == 204
    rounds.begin(group, 1)
    answer = browser.get(page_of(group), **asked)
    assert (answer.status_code, "<html" in answer.content.decode()) == (200, False)
    assert answer.content.decode().count('id="round"') == 1
    rounds.take_back(group, 1)
    assert browser.get(page_of(group), **asked).status_code == 204
    rounds.finish(group)
    assert "hx-get" not in browser.get(page_of(group), **asked).content.decode()


def test_the_clock_of_a_device_does_not_matter(as_: As, group: PracticeGroup, ada: Person) -> None:
    """The page carries the server's time beside the ends, and the script counts with the difference."""
    rounds.begin(group, 1)
    page = as_(ada).get(page_of(group))
    assert f'data-now="{page.context["now"].timestamp():.3f}"' in page.content.decode()


def test_the_observers_sheet_is_for_whoever_observes_in_that_round(
    as_: As, group: PracticeGroup, ada: Person, ben: Person, cleo: Person, dora: Person
) -> None:
    sheets = [reverse("equipping:sheet", args=[group.pk, number]) for number in (1, 2, 3, 4)]
    assert [[as_(who).get(url).status_code for url in sheets] for who in (ada, ben, cleo, dora)] == [
        [404, 200, 404, 404],
        [404, 404, 200, 404],
        [200, 404, 404, 404],
        [404, 404, 404, 404],
    ]


def test_what_an_observer_writes_is_theirs_and_encrypted(
    as_: As, group: PracticeGroup, ada: Person, ben: Person, cleo: Person, dora: Person, olga: Person
) -> None:
    url, browser = reverse("equipping:sheet", args=[group.pk, 1]), as_(cleo)
    browser.post(url, {"text": "Ada waited."})
    browser.post(url, {"text": "Ada waited long."})
    assert [note.text for note in ObserverNote.objects.visible_to(cleo)] == ["Ada waited long."]
    for who in (ada, ben, dora, olga):
        assert not ObserverNote.objects.visible_to(who).exists()
    assert "Ada waited long." in browser.get(url).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM equipping_observernote")
        assert b"waited" not in bytes(cursor.fetchone()[0])
    browser.post(url, {"text": " "})
    assert not ObserverNote.objects.exists()


def test_what_somebody_keeps_is_theirs_and_encrypted(
    as_: As, group: PracticeGroup, ada: Person, ben: Person, dora: Person
) -> None:
    url = reverse("equipping:note", args=[group.pk])
    as_(ada).post(url, {"strengths": "I wait.", "growth": "Fewer words."})
    assert "I wait." in as_(ada).get(url).content.decode()
    assert "I wait." not in as_(ben).get(url).content.decode()
    assert as_(dora).get(url).status_code == 404
    assert not PracticeNote.objects.visible_to(ben).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT strengths, growth FROM equipping_practicenote")
        assert b"w" + b"ait" not in b"".join(bytes(column) for column in cursor.fetchone())
    as_(ada).post(url, {"strengths": "", "growth": "Silence."})
    assert (PracticeNote.objects.get().strengths, PracticeNote.objects.get().growth) == ("", "Silence.")
    as_(ada).post(url, {"strengths": "", "growth": ""})
    assert not PracticeNote.objects.exists()


def test_who_leaves_the_cohort_leaves_the_group_and_two_go_on(
    as_: As, group: PracticeGroup, participants: dict[str, Participant], ada: Person, ben: Person
) -> None:
    joining.leave(participants["Cleo"])
    assert as_(participants["Cleo"].person).get(page_of(group)).status_code == 404
    page = as_(ada).get(page_of(group))
    assert [(one.coach.name, one.coachee.name, one.observers) for one in page.context["plan"]] == [
        ("Ada", "Ben", ()),
        ("Ben", "Ada", ()),
    ]
    joining.leave(participants["Ben"])
    assert "Nobody else is left in your group" in as_(ada).get(page_of(group)).content.decode()


def test_somebody_leaves_in_the_last_round(
    as_: As, group: PracticeGroup, participants: dict[str, Participant], ada: Person
) -> None:
    for number in (1, 2, 3):
        rounds.begin(group, number)
    joining.leave(participants["Cleo"])
    page = as_(ada).get(page_of(group))
    assert (page.status_code, "We have practised" in page.content.decode()) == (200, True)


def test_home_says_so_until_it_is_done(group: PracticeGroup, practice: Practice, ada: Person, eve: Person) -> None:
    def titles(at_plus: timedelta = timedelta()) -> list[str]:
        return [step.title for step in home_for(ada, timezone.now() + at_plus).steps]

    assert "You practise coaching with Ben and Cleo" in titles()
    assert "You practise coaching with Ben and Cleo" not in titles(timedelta(days=29))
    rounds.finish(group)
    assert "You practise coaching with Ben and Cleo" not in titles()
    assert home_for(eve, timezone.now()).steps == []
