"""More people for the cohort, and a lead's way from the people to published pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Cohort, Nomination, Participant, Person
from matching import engine, tasks, waiting
from matching.models import MatchRun
from matching.publishing import publish
from matching.running import execute, request_run


@pytest.fixture
def fay(make_person: Callable[..., Person]) -> Person:
    return make_person("Fay", team="Care", level=2, department="Service")


@pytest.fixture
def four(
    participants: dict[str, Participant], fay: Person, cohort: Cohort, take_part: Callable[..., Participant]
) -> dict[str, Participant]:
    """Ada, Ben, Cleo and Fay; Ada and Ben named each other first, Cleo named Fay."""
    four = participants | {"Fay": take_part(fay, cohort)}
    name = Nomination.objects.create
    name(nominator=four["Ada"], nominee=four["Ben"], rank=1)
    name(nominator=four["Ben"], nominee=four["Ada"], rank=1)
    name(nominator=four["Cleo"], nominee=four["Fay"], rank=2)
    return four


@pytest.fixture
def make_draft(dora: Person) -> Callable[..., MatchRun]:
    """Ask for a run and carry it out."""

    def make(cohort: Cohort, policy: engine.Policy | None = None, **fields: Any) -> MatchRun:
        run = request_run(cohort, dora, policy)
        execute(run.pk)
        run.refresh_from_db()
        assert run.failure == ""
        return run

    return make


@pytest.fixture
def draft(four: dict[str, Participant], cohort: Cohort, make_draft: Callable[..., MatchRun]) -> MatchRun:
    return make_draft(cohort)


@pytest.fixture
def quiet_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that really commit: no worker elsewhere hears of their runs."""
    monkeypatch.setattr(tasks.run_match, "apply_async", lambda *args, **options: None)


@pytest.fixture
def broker_away() -> Iterator[None]:
    """Celery is told to use a port on which nobody listens."""
    app = tasks.run_match.app
    given = app.conf.broker_url
    _use_broker(app, "redis://127.0.0.1:1/0")
    yield
    _use_broker(app, given)


def _use_broker(app: Any, url: str) -> None:
    app.conf.broker_url = app.conf.broker_write_url = url
    app.amqp._producer_pool = None
    app._pool = None


@pytest.fixture
def published(draft: MatchRun, dora: Person) -> MatchRun:
    """Ada with Ben, Cleo with Fay."""
    publish(draft, dora)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def late(published: MatchRun, make_person: Callable[..., Person], take_part: Callable[..., Participant]) -> Any:
    """Somebody who joins after publishing."""

    def join(name: str, **fields: Any) -> Participant:
        participant = take_part(make_person(name), published.cohort, **fields)
        waiting.begin_when_late(participant, timezone.now())
        return participant

    return join
