from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from buddying.models import Cohort, Participant, Person
from equipping import arranging, calling_off, rounds
from equipping.models import Practice, PracticeGroup
from outbox.kinds import kind_of
from outbox.models import Message

As = Callable[[Person | None], Client]
CALLED_OFF = "practice_called_off"


def told() -> list[str]:
    return sorted(one.recipient.name for one in Message.objects.filter(kind=CALLED_OFF))  # type: ignore[union-attr]


def test_the_group_is_told_once_and_the_invitation_is_not_sent_any_more(
    practice: Practice, group: PracticeGroup, dora: Person, ada: Person
) -> None:
    for _ in range(2):
        calling_off.call_off(practice, by=dora)
    assert told() == ["Ada", "Ben", "Cleo"]
    assert kind_of("practice_arranged").compose(Message.objects.get(kind="practice_arranged", recipient=ada)) is None
    assert not Message.objects.waiting().filter(kind="practice_arranged").exists()
    letter = kind_of(CALLED_OFF).compose(Message.objects.get(kind=CALLED_OFF, recipient=ada))
    assert letter is not None
    assert letter.subject == "Your practice with Ben and Cleo is called off"
    assert rounds.still_to_practise(ada, timezone.now()) == []


def test_nothing_begins_in_it_any_more(practice: Practice, group: PracticeGroup, dora: Person) -> None:
    calling_off.call_off(practice, by=dora)
    rounds.begin(group, 1)
    rounds.finish(group)
    group.refresh_from_db()
    assert (group.rounds.count(), group.finished_at) == (0, None)


def test_a_group_that_has_practised_is_told_nothing(practice: Practice, group: PracticeGroup, dora: Person) -> None:
    rounds.finish(group)
    calling_off.call_off(practice, by=dora)
    assert told() == []
    group.refresh_from_db()
    assert not group.is_called_off


def test_who_did_not_practise_together_after_all_may_meet_again(
    practice: Practice, group: PracticeGroup, cohort: Cohort, dora: Person
) -> None:
    assert arranging._known(cohort)
    calling_off.call_off(practice, by=dora)
    assert arranging._known(cohort) == set()


def test_a_proposal_is_not_called_off(cohort: Cohort, participants: dict[str, Participant], dora: Person) -> None:
    proposal = arranging.propose(Practice(), cohort, by=dora)
    calling_off.call_off(proposal, by=dora)
    proposal.refresh_from_db()
    assert proposal.called_off_at is None
    with pytest.raises(IntegrityError, match="only_a_published_practice_is_called_off"):
        Practice.objects.filter(pk=proposal.pk).update(called_off_at=timezone.now())


def test_what_is_over_is_not_called_off(
    as_: As, practice: Practice, group: PracticeGroup, cohort: Cohort, dora: Person
) -> None:
    """Whether or not every group has practised."""
    page, asking = f"/cohorts/{cohort.pk}/practice/", f"/practices/{practice.pk}/calling-off/"
    Practice.objects.filter(pk=practice.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    assert asking not in as_(dora).get(page).content.decode()
    for answer in (as_(dora).get(asking, follow=True), as_(dora).post(asking, follow=True)):
        assert "The time of this practice has come" in answer.content.decode()
    practice.refresh_from_db()
    assert (practice.called_off_at, told()) == (None, [])
    Practice.objects.filter(pk=practice.pk).update(starts_at=timezone.now() + timedelta(minutes=1))
    assert asking in as_(dora).get(page).content.decode()
    assert calling_off.call_off(practice, by=dora)


def test_one_without_a_time_is_ahead_while_the_cohort_runs(practice: Practice, dora: Person) -> None:
    over = datetime.combine(practice.cohort.ends_on + timedelta(days=2), time(), tzinfo=UTC)
    assert not calling_off.call_off(practice, by=dora, at=over)
    assert calling_off.call_off(practice, by=dora, at=over - timedelta(days=3))


def test_through_the_pages(
    as_: As, practice: Practice, group: PracticeGroup, cohort: Cohort, dora: Person, ada: Person
) -> None:
    page, asking = f"/cohorts/{cohort.pk}/practice/", f"/practices/{practice.pk}/calling-off/"
    assert asking in as_(dora).get(page).content.decode()
    assert "Call off this practice?" in as_(dora).get(asking).content.decode()
    assert as_(dora).post(asking)["Location"] == page
    shown = as_(dora).get(page).content.decode()
    assert ("called off" in shown, asking in shown) == (True, False)
    theirs = as_(ada).get(f"/practice-groups/{group.pk}/").content.decode()
    assert "This practice does not take place" in theirs
    assert "Begin round" not in theirs
