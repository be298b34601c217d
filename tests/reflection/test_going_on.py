from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from buddying import joining
from buddying.models import Cohort, Participant, Person
from insights import cohort as figures
from insights.home import home_for
from insights.overview import rows_of
from matching import pausing
from matching.models import Pairing, PairingMember
from outbox.kinds import kind_of
from outbox.models import Message
from reflection import agreeing, going_on
from reflection.models import EndingWish, Thanks
from sessions_log import booking
from sessions_log.models import CoachingSession

As = Callable[[Person | None], Client]
DAY = timedelta(days=1)
GO_ON, END = EndingWish.GO_ON, EndingWish.END


@pytest.fixture
def closing(pairing: Pairing) -> Iterator[time_machine.Coordinates]:
    """The first moment of the cohort's last two weeks."""
    with time_machine.travel(going_on.ends_at(pairing) - 14 * DAY, tick=False) as traveller:
        yield traveller


def wish(pairing: Pairing, choice: str, *people: Person) -> Pairing:
    for person in people:
        pairing = going_on.choose(pairing, choice, by=person)
    return pairing


def private(pairing: Pairing, traveller: time_machine.Coordinates, *people: Person) -> Pairing:
    """Everybody has wished to go on, and the cohort has been over for a week."""
    pairing = wish(pairing, GO_ON, *people)
    traveller.move_to(going_on.ends_at(pairing) + 7 * DAY)
    return pairing


def test_before_the_last_two_weeks_nobody_is_asked(pairing: Pairing, ada: Person) -> None:
    with time_machine.travel(going_on.ends_at(pairing) - 14 * DAY - timedelta(seconds=1), tick=False):
        with pytest.raises(going_on.NotNow):
            going_on.choose(pairing, GO_ON, by=ada)
        assert [step.title for step in home_for(ada, timezone.now()).steps if "Look back" in step.title] == []


def test_it_goes_on_from_the_cohorts_end_once_all_wish_it(
    pairing: Pairing, closing: Any, ada: Person, ben: Person
) -> None:
    assert wish(pairing, GO_ON, ada).continues_at is None
    assert wish(pairing, GO_ON, ben).continues_at == going_on.ends_at(pairing)
    told = Message.objects.filter(kind="pairing_goes_on").select_related("recipient")
    assert sorted(message.recipient.name for message in told) == ["Ada", "Ben"]
    letter = kind_of("pairing_goes_on").compose(told[0])
    assert letter is not None
    assert letter.subject.startswith("You and ")


def test_one_who_would_rather_end_is_enough_and_nobody_learns_who(
    as_: As, pairing: Pairing, closing: Any, ada: Person, ben: Person
) -> None:
    url = f"/pairings/{pairing.pk}/looking-back/"
    wish(pairing, GO_ON, ada)
    page = page_of(as_(ada), url)
    wish(pairing, END, ben)
    assert page_of(as_(ada), url) == page
    assert not EndingWish.objects.visible_to(ada).filter(person=ben).exists()
    pairing.refresh_from_db()
    assert pairing.continues_at is None


def page_of(client: Client, url: str) -> str:
    import re

    return re.sub(r'X-CSRFToken": "\w+|csrfmiddlewaretoken" value="\w+', "", client.get(url).content.decode())


def test_a_mind_can_be_changed_until_the_end(
    pairing: Pairing, closing: time_machine.Coordinates, ada: Person, ben: Person
) -> None:
    wish(pairing, GO_ON, ada, ben)
    assert wish(pairing, END, ada).continues_at is None
    assert wish(pairing, GO_ON, ada).continues_at is not None
    closing.move_to(going_on.ends_at(pairing))
    with pytest.raises(going_on.NotNow):
        wish(pairing, END, ada)


def test_those_who_say_so_late_go_on_from_then(
    pairing: Pairing, closing: time_machine.Coordinates, ada: Person, ben: Person
) -> None:
    closing.move_to(going_on.ends_at(pairing) + 7 * DAY)
    assert wish(pairing, GO_ON, ada, ben).continues_at == timezone.now()
    closing.move_to(going_on.ends_at(pairing) + 28 * DAY)
    with pytest.raises(going_on.NotNow):
        wish(pairing, GO_ON, ada)


def test_a_trio_goes_on_if_all_three_wish_it(
    participants: dict[str, Participant], make_pairing: Callable[..., Pairing], ada: Person, ben: Person, cleo: Person
) -> None:
    trio = make_pairing(*participants.values())
    with time_machine.travel(going_on.ends_at(trio) - DAY, tick=False):
        assert wish(trio, GO_ON, ada, ben).continues_at is None
        assert wish(trio, GO_ON, cleo).continues_at is not None


def test_leads_and_administrators_lose_sight_of_it(
    as_: As, pairing: Pairing, cohort: Cohort, closing: time_machine.Coordinates, ada: Person, ben: Person, dora: Person
) -> None:
    met = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() - DAY, held_at=timezone.now())
    pairing = private(pairing, closing, ada, ben)
    CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() - DAY, held_at=timezone.now())
    assert figures.followed(cohort, dora, timezone.now()) == []
    assert as_(dora).get(f"/cohorts/{cohort.pk}/pairings/{pairing.pk}/closure/").status_code == 404
    assert {p.person.name: p.has_met for p in figures.people(cohort)} == {"Ada": True, "Ben": True, "Cleo": False}  # type: ignore[attr-defined]
    met.delete()
    assert [p.has_met for p in figures.people(cohort)] == [False, False, False]  # type: ignore[attr-defined]


def test_totals_leave_out_what_is_private(
    cohort: Cohort,
    pairing: Pairing,
    participants: dict[str, Participant],
    make_person: Callable[..., Person],
    take_part: Callable[..., Participant],
    make_pairing: Callable[..., Pairing],
) -> None:
    make_pairing(*(take_part(make_person(f"P{n}"), cohort) for n in range(3)))
    now = timezone.now()
    Pairing.objects.filter(pk=pairing.pk).update(continues_at=now - 2 * DAY)
    for days in (1, 3):
        CoachingSession.objects.create(pairing=pairing, starts_at=now - days * DAY, held_at=now)
    (row,) = rows_of([cohort], now)
    assert (row.held, row.booked) == (1, 0)


def test_sessions_are_booked_beyond_the_end_of_the_cohort(
    pairing: Pairing, closing: time_machine.Coordinates, ada: Person, ben: Person
) -> None:
    agreeing.draft_for(pairing, timezone.now())
    agreement = pairing.agreements.get()
    for person in (ada, ben):
        agreeing.sign(pairing, agreement, by=person, read_at=agreement.written_at)
    beyond = going_on.ends_at(pairing) + 8 * DAY
    with pytest.raises(booking.Refused, match="ends on"):
        booking.book(pairing, beyond, 60, "", by=ada)
    pairing = private(pairing, closing, ada, ben)
    assert booking.book(pairing, beyond, 60, "", by=ada).starts_at == beyond
    with pytest.raises(booking.Refused, match="three months"):
        booking.book(pairing, beyond + timedelta(weeks=14), 60, "", by=ada)


def test_what_does_not_go_on_is_over_with_the_cohort(
    pairing: Pairing, closing: time_machine.Coordinates, ada: Person
) -> None:
    closing.move_to(going_on.ends_at(pairing))
    assert booking.reason_not_to_book(pairing) is not None
    assert [step.title for step in home_for(ada, timezone.now()).steps] == ["Look back with Ben"]
    closing.move_to(going_on.ends_at(pairing) + 28 * DAY)
    assert home_for(ada, timezone.now()).steps == []


def test_either_ends_it_later_without_a_reason(
    as_: As, pairing: Pairing, closing: time_machine.Coordinates, ada: Person, ben: Person
) -> None:
    url = f"/pairings/{pairing.pk}/ending/"
    assert as_(ben).post(url)["Location"] == f"/pairings/{pairing.pk}/"
    with pytest.raises(going_on.NotNow):
        going_on.end(pairing, by=ben)
    pairing = private(pairing, closing, ada, ben)
    assert as_(ben).get(url).status_code == 200
    for _ in range(2):
        as_(ben).post(url)
    pairing.refresh_from_db()
    assert (pairing.closed_at, pairing.closed_by) == (timezone.now(), None)
    assert Message.objects.filter(kind="pairing_ended").count() == 2
    assert as_(ada).get(f"/pairings/{pairing.pk}/").status_code == 200


def test_everything_is_kept(
    as_: As, pairing: Pairing, closing: time_machine.Coordinates, ada: Person, ben: Person
) -> None:
    going_on.thank(pairing, "marked thanks", by=ada)
    private(pairing, closing, ada, ben)
    page = as_(ben).get(f"/pairings/{pairing.pk}/").content.decode()
    assert "You go on as buddies" in page
    assert "marked thanks" in as_(ben).get(f"/pairings/{pairing.pk}/looking-back/").content.decode()


def test_a_line_of_thanks_is_the_pairs(
    pairing: Pairing, closing: Any, ada: Person, ben: Person, cleo: Person, dora: Person, olga: Person, max_: Person
) -> None:
    for words in ("First words", "marked thanks", "marked thanks"):
        going_on.thank(pairing, words, by=ada)
    assert [line.text for line in Thanks.objects.visible_to(ben)] == ["marked thanks"]
    assert [Thanks.objects.visible_to(other).exists() for other in (cleo, dora, olga, max_)] == [False] * 4
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM reflection_thanks")
        assert b"marked" not in bytes(cursor.fetchone()[0])
    going_on.thank(pairing, "", by=ada)
    assert not Thanks.objects.exists()


def test_nothing_is_said_after_it_has_ended(pairing: Pairing, closing: Any, ada: Person) -> None:
    pairing.close()
    for verb in (lambda: going_on.thank(pairing, "x", by=ada), lambda: going_on.choose(pairing, GO_ON, by=ada)):
        with pytest.raises(going_on.Over):
            verb()


def test_through_the_pages(as_: As, pairing: Pairing, closing: Any, ada: Person, ben: Person) -> None:
    url, browser = f"/pairings/{pairing.pk}/looking-back/", as_(ada)
    assert url in browser.get("/").content.decode()
    refused = browser.post(f"{url}thanks/", {"text": "x" * 1001})
    assert (refused.status_code, "x" * 1001 in refused.content.decode()) == (422, True)
    assert browser.post(f"{url}wish/", {"choice": "maybe"}).status_code == 422
    assert browser.post(f"{url}thanks/", {"text": "Thank you"})["Location"] == url
    assert browser.post(f"{url}wish/", {"choice": GO_ON})["Location"] == f"/pairings/{pairing.pk}/"
    assert url not in browser.get("/").content.decode()
    as_(ben).post(f"{url}wish/", {"choice": GO_ON})
    assert "You go on as buddies after Spring" in browser.get(f"/pairings/{pairing.pk}/").content.decode()


def test_one_mail_calls_each_to_look_back(
    pairing: Pairing, participants: dict[str, Participant], closing: Any, ada: Person, ben: Person, cleo: Person
) -> None:
    pausing.pause(participants["Ben"], (timezone.now() + 3 * DAY).date())
    for _ in range(2):
        going_on.call_to_look_back()
    (message,) = Message.objects.filter(kind="look_back")
    assert message.recipient == ada
    letter = kind_of("look_back").compose(message)
    assert letter is not None
    assert letter.subject == "Look back with Ben"
    pausing.resume(participants["Ben"])
    going_on.call_to_look_back()
    assert Message.objects.filter(kind="look_back").count() == 2
    wish(pairing, END, ada)
    assert kind_of("look_back").compose(message) is None


def test_nobody_is_called_too_early_or_too_late(pairing: Pairing, closing: time_machine.Coordinates) -> None:
    for moment in (going_on.ends_at(pairing) - 14 * DAY - timedelta(seconds=1), going_on.ends_at(pairing)):
        closing.move_to(moment)
        going_on.call_to_look_back()
    assert not Message.objects.filter(kind="look_back").exists()


def held(pairing: Pairing, at: datetime) -> None:
    CoachingSession.objects.create(pairing=pairing, starts_at=at, held_at=at)


def test_a_statement_counts_what_one_took_part_in(
    participants: dict[str, Participant], pairing: Pairing, make_pairing: Callable[..., Pairing], ada: Person
) -> None:
    now = timezone.now()
    held(pairing, now - 61 * DAY)  # before they sat in it
    for days in (50, 40):
        held(pairing, now - days * DAY)
    CoachingSession.objects.create(pairing=pairing, starts_at=now - 35 * DAY)
    pairing.close(at=now - 30 * DAY)
    second = make_pairing(participants["Ada"], participants["Cleo"], opened_at=now - 29 * DAY)
    held(second, now - 20 * DAY)
    PairingMember.objects.filter(pairing=second, participant=participants["Cleo"]).update(left_at=now - 25 * DAY)
    Pairing.objects.filter(pk=second.pk).update(continues_at=now - 10 * DAY)
    held(second, now - 5 * DAY)
    assert [going_on.sessions_held_by(participants[name]) for name in ("Ada", "Ben", "Cleo")] == [3, 2, 0]


def test_the_statement_is_ones_own(as_: As, pairing: Pairing, cohort: Cohort, ada: Person, ben: Person) -> None:
    held(pairing, timezone.now() - DAY)
    url = f"/cohorts/{cohort.pk}/statement/"
    page = as_(ada).get(url).content.decode()
    assert "Ada takes part in “Buddies”" in page
    assert "<dt>Sessions held</dt><dd>1</dd>" in page
    Participant.objects.filter(person=ben).update(left_at=timezone.now())
    assert "Ben took part in “Buddies”" in as_(ben).get(url).content.decode()


@pytest.mark.parametrize("name", ["Cleo", "Dora", "Eve", "Max", "Olga"])
def test_nobody_else_looks_back_for_them(
    as_: As, pairing: Pairing, closing: Any, dora: Person, eve: Person, max_: Person, olga: Person, name: str
) -> None:
    client, url = as_(Person.objects.get(name=name)), f"/pairings/{pairing.pk}/"
    answers = [
        client.get(f"{url}looking-back/"),
        client.post(f"{url}looking-back/thanks/", {"text": "x"}),
        client.post(f"{url}looking-back/wish/", {"choice": GO_ON}),
        client.post(f"{url}ending/"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert not EndingWish.objects.exists() and not Thanks.objects.exists()


def test_who_left_the_cohort_since_is_told_when_it_ends_privately(
    participants: dict[str, Participant], pairing: Pairing, closing: time_machine.Coordinates, ada: Person, ben: Person
) -> None:
    pairing = private(pairing, closing, ada, ben)
    joining.leave(participants["Ada"])
    going_on.end(pairing, by=ben)
    told = Message.objects.filter(kind="pairing_ended")
    letters = {one.recipient.name: kind_of(one.kind).compose(one) for one in told}  # type: ignore[union-attr]
    assert {name: letter is not None for name, letter in letters.items()} == {"Ada": True, "Ben": True}
