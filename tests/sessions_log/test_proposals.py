from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from matching.models import Pairing
from outbox.kinds import kind_of
from outbox.models import Message
from sessions_log.booking import Refused, TimeTaken
from sessions_log.models import CoachingSession, Proposal, Seat, Word
from sessions_log.proposals import choose, offers, propose, put_back_what_is_missing, withdraw, withdraw_those_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def starts(now: datetime) -> list[datetime]:
    """Three days in a row at ten, from next Tuesday but one on."""
    day = now.date() + timedelta(days=7 + (1 - now.weekday()) % 7)
    return [datetime.combine(day, time(10), tzinfo=UTC) + number * DAY for number in range(3)]


@pytest.fixture
def proposal(pairing: Pairing, ben: Person, starts: list[datetime]) -> Proposal:
    """Ben's, for Ada to choose from."""
    return propose(pairing, starts, 60, "Park", by=ben, how="walk", note="BRING-BOOTS")


@pytest.fixture
def of_ben_and_cleo(
    ben: Person,
    cleo: Person,
    make_cohort: Callable[..., Cohort],
    make_pairing: Callable[..., Pairing],
    take_part: Callable[..., Participant],
) -> Pairing:
    autumn = make_cohort("Autumn")
    return make_pairing(take_part(ben, autumn), take_part(cleo, autumn))


def test_proposed_times_keep_nobody_busy(proposal: Proposal, starts: list[datetime]) -> None:
    assert [offer.starts_at for offer in offers(proposal)] == starts
    assert all(offer.is_open for offer in offers(proposal))
    assert not Seat.objects.exists()
    assert list(Proposal.objects.open()) == [proposal]


def test_choosing_books_for_all(proposal: Proposal, ada: Person, ben: Person, starts: list[datetime]) -> None:
    session = choose(proposal, starts[1], by=ada)
    assert (session.starts_at, session.where, session.booked_by) == (starts[1], "A walk: Park", ada)
    assert {seat.person for seat in session.seats.all()} == {ada, ben}
    proposal.refresh_from_db()
    assert proposal.session == session
    assert not Proposal.objects.open().exists()
    (word,) = Word.objects.all()
    assert (word.author, word.text) == (ben, "BRING-BOOTS")


def test_a_double_click_books_once(proposal: Proposal, ada: Person, starts: list[datetime]) -> None:
    assert choose(proposal, starts[0], by=ada) == choose(proposal, starts[0], by=ada)
    with pytest.raises(Refused, match="no longer on offer"):
        choose(proposal, starts[1], by=ada)
    assert CoachingSession.objects.count() == 1


def test_who_may_choose(proposal: Proposal, ben: Person, cleo: Person, dora: Person, starts: list[datetime]) -> None:
    for stranger in (cleo, dora):
        with pytest.raises(Refused, match="Only the members"):
            choose(proposal, starts[0], by=stranger)
    with pytest.raises(Refused, match="for your buddy to choose"):
        choose(proposal, starts[0], by=ben)


def test_only_what_was_proposed_is_chosen(proposal: Proposal, ada: Person, starts: list[datetime]) -> None:
    with pytest.raises(Refused, match="not among those"):
        choose(proposal, starts[0] + HOUR, by=ada)


def test_a_time_taken_meanwhile_is_marked_and_the_next_times_are_offered(
    proposal: Proposal,
    ada: Person,
    ben: Person,
    starts: list[datetime],
    of_ben_and_cleo: Pairing,
    make_session: Callable[..., CoachingSession],
    office_hours: Callable[..., None],
) -> None:
    office_hours(ada, ben)
    make_session(of_ben_and_cleo, starts[1] - HOUR / 2)
    assert [offer.is_taken for offer in offers(proposal)] == [False, True, False]
    with pytest.raises(TimeTaken) as taken:
        choose(proposal, starts[1], by=ada)
    assert len(taken.value.next_times) == 3
    proposal.refresh_from_db()
    assert proposal.closed_at is None
    assert choose(proposal, starts[2], by=ada)


def test_it_expires_with_its_last_time(proposal: Proposal, ada: Person, starts: list[datetime]) -> None:
    later = starts[-1] + HOUR
    assert list(Proposal.objects.open(starts[1])) == [proposal]
    assert not Proposal.objects.open(later).exists()
    assert [offer.is_past for offer in offers(proposal, starts[1])] == [True, True, False]
    with pytest.raises(Refused, match="has passed"):
        choose(proposal, starts[-1], by=ada, at=later)


def test_it_ends_with_its_pairing(proposal: Proposal, pairing: Pairing, ada: Person, starts: list[datetime]) -> None:
    pairing.close()
    assert not Proposal.objects.open().exists()
    with pytest.raises(Refused, match="has ended"):
        choose(proposal, starts[0], by=ada)


def test_a_new_proposal_takes_the_place_of_the_old(
    proposal: Proposal, pairing: Pairing, ada: Person, starts: list[datetime]
) -> None:
    other = propose(pairing, [starts[0] + 2 * HOUR], 60, "", by=ada)
    assert list(Proposal.objects.open()) == [other]
    with pytest.raises(Refused, match="no longer on offer"):
        choose(proposal, starts[0], by=ada)
    with pytest.raises(IntegrityError, match="one_open_proposal_a_pairing"), transaction.atomic():
        Proposal.objects.create(pairing=pairing, proposed_by=ada, note="")


def test_the_same_proposal_sent_twice_is_one(
    proposal: Proposal, pairing: Pairing, ben: Person, starts: list[datetime]
) -> None:
    assert propose(pairing, starts, 60, "Park", by=ben, how="walk", note="BRING-BOOTS") == proposal
    assert Message.objects.filter(kind="session_proposed").count() == 1


def test_withdrawing(proposal: Proposal, ada: Person, ben: Person, starts: list[datetime]) -> None:
    with pytest.raises(Refused, match="Only who proposed"):
        withdraw(proposal, by=ada)
    withdraw(proposal, by=ben)
    withdraw(proposal, by=ben)
    assert not Proposal.objects.open().exists()
    assert not Message.objects.waiting().filter(kind="session_proposed").exists()


@pytest.mark.parametrize("count", [0, 6])
def test_one_to_five_times(pairing: Pairing, ben: Person, starts: list[datetime], count: int) -> None:
    with pytest.raises(Refused, match="between one and 5 times"):
        propose(pairing, [starts[0] + number * HOUR for number in range(count)], 60, "", by=ben)


def test_what_is_taken_already_is_not_proposed(session: CoachingSession, pairing: Pairing, ben: Person) -> None:
    with pytest.raises(Refused, match="just been taken"):
        propose(pairing, [session.starts_at + HOUR / 2], 60, "", by=ben)


def test_in_a_trio_the_first_to_choose_books_for_all_three(
    participants: dict[str, Participant],
    ada: Person,
    cleo: Person,
    make_pairing: Callable[..., Pairing],
    starts: list[datetime],
) -> None:
    trio = make_pairing(*participants.values())
    proposal = propose(trio, starts, 60, "", by=ada)
    assert set(Message.objects.filter(kind="session_proposed").values_list("recipient__name", flat=True)) == {
        "Ben",
        "Cleo",
    }
    session = choose(proposal, starts[0], by=cleo)
    assert session.seats.count() == 3


def test_who_leaves_takes_their_proposals_along(proposal: Proposal, pairing: Pairing, ben: Person) -> None:
    withdraw_those_of(pairing.members.get(participant__person=ben), timezone.now())
    assert not Proposal.objects.open().exists()


# --- the letter


def test_the_letter_lists_the_times_in_the_readers_zone_and_holds_no_note(
    proposal: Proposal, ada: Person, starts: list[datetime]
) -> None:
    message = Message.objects.get(kind="session_proposed")
    assert (message.recipient, message.expires_at) == (ada, starts[-1])
    ada.time_zone = "America/New_York"
    ada.save()
    with timezone.override(ada.zone):
        letter = kind_of("session_proposed").compose(Message.objects.get(pk=message.pk))
    assert letter is not None
    assert letter.subject == "Ben proposes 3 times for a session"
    assert f"{starts[0].astimezone(ada.zone):%H:%M} (America/New_York time)" in letter.text
    assert f"/proposals/{proposal.pk}/" in letter.text
    assert "BRING-BOOTS" not in letter.text + (letter.html or "")


def test_what_is_chosen_or_withdrawn_is_not_written_about(
    proposal: Proposal, ada: Person, ben: Person, starts: list[datetime]
) -> None:
    message = Message.objects.get(kind="session_proposed")
    choose(proposal, starts[0], by=ada)
    assert kind_of("session_proposed").compose(message) is None


def test_a_lost_letter_is_put_back(proposal: Proposal) -> None:
    Message.objects.all().delete()
    put_back_what_is_missing()
    put_back_what_is_missing()
    assert Message.objects.filter(kind="session_proposed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_choose_at_once(
    participants: dict[str, Participant],
    ada: Person,
    ben: Person,
    cleo: Person,
    make_pairing: Callable[..., Pairing],
    starts: list[datetime],
) -> None:
    proposal = propose(make_pairing(*participants.values()), starts, 60, "", by=ada)

    def click(choice: tuple[Person, datetime]) -> bool:
        try:
            return bool(choose(Proposal.objects.get(pk=proposal.pk), choice[1], by=choice[0]))
        except Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(click, [(ben, starts[0]), (cleo, starts[2])])) == [False, True]
    assert CoachingSession.objects.count() == 1
