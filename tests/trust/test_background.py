"""What no person asks for: each job runs as the web role and as nobody, and still does its work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Cohort, ImportDraft, Participant, Person
from buddying.tasks import sweep
from insights import collecting
from matching import registry
from matching.models import Pairing, PairingMember
from outbox import reconciling
from outbox.delivery import write
from outbox.models import Message
from reflection import agreeing, fitting, helping
from reflection.models import Agreement, FitCheck
from sessions_log import busy_calendars, nudges, proposals
from sessions_log.availability import mutual_free
from sessions_log.free_times import Interval
from sessions_log.models import BusyCalendar, BusyTime, CoachingSession, Commitment, Proposal
from sessions_log.tasks import refresh_calendars
from tests.trust.conftest import TEXT
from trust.acting import acting_as
from trust.models import forget_keys

HOUR = timedelta(hours=1)


@pytest.fixture
def nobody(db: None) -> Callable[[], Any]:
    """Inside, the connection is what it is in production while nobody acts."""
    forget_keys()
    return lambda: acting_as(None)


def kinds_posted() -> set[tuple[str, str]]:
    return set(Message.objects.values_list("kind", "recipient__name"))


def test_agreements_are_drafted(pairing: Pairing, ada: Person, nobody: Any) -> None:
    with nobody():
        for _ in range(2):
            agreeing.draft_for_all([pairing], timezone.now())
    with acting_as(ada):
        assert Agreement.objects.get().text.count("Ada")


def test_whoever_joins_finds_a_new_version(
    pairing: Pairing, participants: dict[str, Participant], cleo: Person, nobody: Any
) -> None:
    agreeing.draft_for(pairing, pairing.opened_at)
    newcomer = PairingMember.objects.create(pairing=pairing, participant=participants["Cleo"])
    with nobody():
        for joined in registry.when_joined:
            joined(newcomer, timezone.now())
    with acting_as(cleo):
        assert [one.version for one in Agreement.objects.all()] == [2]
        assert "Cleo" in Agreement.objects.get().text


def test_each_member_is_asked_about_fit(pairing: Pairing, ada: Person, ben: Person, nobody: Any) -> None:
    session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() - HOUR)
    with nobody():
        fitting.ask_when_due(session, timezone.now())
    for person in (ada, ben):
        with acting_as(person):
            assert FitCheck.objects.get().person == person
    assert kinds_posted() == {("fit_check", "Ada"), ("fit_check", "Ben")}


def test_who_still_decides_is_asked_again_and_who_is_settled_is_not(
    pairing: Pairing, ada: Person, ben: Person, nobody: Any
) -> None:
    now = timezone.now()
    first = CoachingSession.objects.create(pairing=pairing, starts_at=now - 48 * HOUR)
    for person, answer in ((ada, "deciding"), (ben, "good")):
        FitCheck.objects.create(pairing=pairing, session=first, person=person, answer=answer, answered_at=now)
    with nobody():
        fitting.ask_when_due(CoachingSession.objects.create(pairing=pairing, starts_at=now - HOUR), now)
    assert set(FitCheck.objects.filter(round=2).values_list("person__name", flat=True)) == {"Ada"}


def test_a_question_whose_message_is_missing_gets_one(pairing: Pairing, ada: Person, nobody: Any) -> None:
    session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now() - HOUR)
    FitCheck.objects.create(pairing=pairing, session=session, person=ada)
    with nobody():
        reconciling.run_all()
    assert ("fit_check", "Ada") in kinds_posted()


def test_open_commitments_are_recalled(pairing: Pairing, ada: Person, nobody: Any) -> None:
    now = timezone.now()
    earlier = CoachingSession.objects.create(pairing=pairing, starts_at=now - 48 * HOUR)
    CoachingSession.objects.create(pairing=pairing, starts_at=now + 36 * HOUR)
    Commitment.objects.create(pairing=pairing, session=earlier, author=ada, text=TEXT)
    with nobody():
        nudges.post_what_is_due(now)
    assert kinds_posted() == {("commitments_open", "Ada")}


@pytest.fixture
def proposal(pairing: Pairing, ada: Person) -> Proposal:
    proposal = Proposal.objects.create(pairing=pairing, proposed_by=ada, note=TEXT)
    proposal.times.create(starts_at=timezone.now() + 48 * HOUR)
    return proposal


def test_times_on_offer_are_told_of(proposal: Proposal, nobody: Any) -> None:
    with nobody():
        proposals.put_back_what_is_missing()
    assert {who for _, who in kinds_posted()} == {"Ben"}


def test_times_of_somebody_who_leaves_are_taken_back(proposal: Proposal, pairing: Pairing, nobody: Any) -> None:
    pairing.close()
    with nobody():
        for seat in pairing.members.all():
            for left in registry.when_left:
                left(seat, timezone.now())
    proposal.refresh_from_db()
    assert proposal.closed_at


@pytest.fixture
def calendar(ben: Person) -> BusyCalendar:
    return BusyCalendar.objects.create(person=ben, address="https://calendar.invalid/ben.ics")


def test_calendars_that_are_due_are_found_and_their_addresses_read(
    calendar: BusyCalendar, nobody: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with nobody():
        with django_capture_on_commit_callbacks() as nudged:
            refresh_calendars()
        assert busy_calendars.refresh(str(calendar.pk))
    assert len(nudged) == 1
    calendar.refresh_from_db()
    assert calendar.problem == "unreachable"


def test_a_buddys_busy_times_count_though_nobody_sees_the_calendar(
    calendar: BusyCalendar, pairing: Pairing, ada: Person, ben: Person, office_hours: Any
) -> None:
    office_hours(ada, ben)
    monday = datetime(2030, 1, 7, 9, tzinfo=UTC)
    BusyTime.objects.create(calendar=calendar, period=(monday, monday + 8 * HOUR))
    with acting_as(ada):
        assert not BusyCalendar.objects.exists()
        free = mutual_free([ada, ben], Interval(monday, monday + 12 * HOUR))
    assert free == []


def test_uploads_that_nobody_confirmed_are_swept_away(cohort: Cohort, dora: Person, eve: Person, nobody: Any) -> None:
    texts = {"cohort": cohort, "people_text": TEXT, "nominations_text": ""}
    ImportDraft.objects.create(owner=dora, uploaded_at=timezone.now() - 25 * HOUR, **texts)
    fresh = ImportDraft.objects.create(owner=eve, **texts)
    with nobody():
        sweep()
    assert list(ImportDraft.objects.all()) == [fresh]


def test_a_letter_is_written_as_its_reader(participants: dict[str, Participant], dora: Person, ada: Person) -> None:
    helping.ask(dora, TEXT, by=ada)
    message = Message.objects.get(kind="help_message")
    with acting_as(None):
        mail = write(message, timezone.now())
    assert isinstance(mail, bytes)


def test_answers_are_gathered_as_by_the_owner(filled: Cohort, nobody: Any) -> None:
    expected = collecting.answers(timezone.now(), {})
    assert expected
    with nobody():
        assert collecting.answers(timezone.now(), {}) == expected


def test_nothing_that_is_put_back_fails(filled: Cohort, nobody: Any, caplog: pytest.LogCaptureFixture) -> None:
    with nobody():
        assert reconciling.run_all()
    assert [record.message for record in caplog.records if "Reconciling" in record.message] == []


@pytest.fixture(autouse=True)
def no_keys_kept() -> Iterator[None]:
    """What a process keeps for half a minute would hide that a key cannot be asked for."""
    forget_keys()
    yield
