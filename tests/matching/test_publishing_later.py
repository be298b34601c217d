"""A large draft is published behind the page: asked for in a row, done by a worker, all of it or nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from matching import editing, registry, tasks
from matching.models import MatchRun, Pairing
from matching.models.runs import LEASE
from matching.publishing_later import publish_asked
from outbox.models import Message
from tests.matching.test_pages import text

pytestmark = pytest.mark.usefixtures("quiet_broker")


@pytest.fixture(autouse=True)
def four_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.publishing_later.AT_ONCE", 3)
    monkeypatch.setattr(tasks.publish_run, "apply_async", lambda *args, **options: None)


@pytest.fixture
def asked(draft: MatchRun, dora: Any, as_: Any) -> MatchRun:
    answer = as_(dora).post(f"/runs/{draft.pk}/publication/", {"confirmed": "yes"})
    assert answer["Location"] == f"/runs/{draft.pk}/"
    draft.refresh_from_db()
    return draft


def told() -> int:
    return Message.objects.filter(kind="pairing_published").count()


def test_it_is_asked_for_first_and_the_page_says_so(asked: MatchRun, dora: Any, as_: Any) -> None:
    assert (asked.is_being_published, asked.publishing_by, Pairing.objects.count(), told()) == (True, dora, 0, 0)
    page = text(as_(dora).get(f"/runs/{asked.pk}/"))
    assert "2 pairings are being opened, all of them or none." in page
    assert "Publish this draft" not in page
    part = as_(dora).get(f"/runs/{asked.pk}/progress/", headers={"HX-Request": "true"})
    assert 'data-announce="Publishing"' in part.content.decode()
    assert as_(dora).get(f"/runs/{asked.pk}/publication/")["Location"] == f"/runs/{asked.pk}/"


def test_a_worker_publishes_it_and_everybody_is_told_once(asked: MatchRun, dora: Any, as_: Any) -> None:
    for _ in range(2):
        publish_asked(asked.pk)
    asked.refresh_from_db()
    assert (asked.is_being_published, asked.published_by) == (False, dora)
    assert (Pairing.objects.count(), told()) == (2, 4)
    part = as_(dora).get(f"/runs/{asked.pk}/progress/", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == f"/runs/{asked.pk}/"
    assert "The published pairs" in text(as_(dora).get(f"/runs/{asked.pk}/"))


def test_a_second_press_asks_for_nothing_more(asked: MatchRun, dora: Any, as_: Any) -> None:
    since = asked.publishing_at
    as_(dora).post(f"/runs/{asked.pk}/publication/", {"confirmed": "yes"})
    asked.refresh_from_db()
    assert asked.publishing_at == since


def test_meanwhile_nothing_of_it_can_be_changed_or_discarded(asked: MatchRun, four: Any, dora: Any, as_: Any) -> None:
    pair = (four["Ada"].pk, four["Ben"].pk)
    with pytest.raises(editing.CannotEdit, match="Only a draft can be changed"):
        editing.make(asked, dora, pair, f"separate-{pair[0]}", 0)
    assert asked.discard() is False
    assert as_(dora).get(f"/runs/{asked.pk}/picture/").url == f"/runs/{asked.pk}/"


def test_why_it_could_not_be_is_said_and_it_can_be_asked_again(asked: MatchRun, four: Any, dora: Any, as_: Any) -> None:
    four["Cleo"].left_at = timezone.now()
    four["Cleo"].save()
    publish_asked(asked.pk)
    assert (Pairing.objects.count(), told()) == (0, 0)
    page = text(as_(dora).get(f"/runs/{asked.pk}/"))
    assert "Cleo left the cohort" in page
    four["Cleo"].left_at = None
    four["Cleo"].save()
    as_(dora).post(f"/runs/{asked.pk}/publication/", {"confirmed": "yes"})
    publish_asked(asked.pk)
    asked.refresh_from_db()
    assert (asked.published_at is None, asked.not_published, told()) == (False, "", 4)


def test_what_goes_wrong_leaves_nothing_behind(asked: MatchRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(pairings: Any, at: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(registry, "when_opened", [fail])
    publish_asked(asked.pk)
    asked.refresh_from_db()
    assert asked.not_published.startswith("Something went wrong while publishing.")
    assert (asked.is_being_published, Pairing.objects.count(), told()) == (False, 0, 0)


def test_one_worker_at_a_time_and_another_one_when_that_is_lost(asked: MatchRun) -> None:
    now = timezone.now()
    MatchRun.objects.filter(pk=asked.pk).update(publishing_claimed_at=now - timedelta(seconds=5))
    publish_asked(asked.pk, now)
    assert told() == 0
    MatchRun.objects.filter(pk=asked.pk).update(publishing_claimed_at=now - LEASE - timedelta(seconds=1))
    publish_asked(asked.pk, now)
    assert told() == 4


def test_the_tick_finds_what_nobody_was_told_about(asked: MatchRun, monkeypatch: pytest.MonkeyPatch) -> None:
    nudged: list[tuple[Any, ...]] = []
    monkeypatch.setattr(tasks, "nudge", lambda task, *args: nudged.append((task.name, *args)))
    tasks.match_waiting()
    assert nudged == [("matching.tasks.publish_run", asked.pk)]


def test_a_small_draft_is_published_while_the_lead_waits(
    draft: MatchRun, dora: Any, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.publishing_later.AT_ONCE", 4)
    as_(dora).post(f"/runs/{draft.pk}/publication/", {"confirmed": "yes"})
    draft.refresh_from_db()
    assert (draft.publishing_at, draft.published_at is None, told()) == (None, False, 4)
