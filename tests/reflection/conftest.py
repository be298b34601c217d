from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from matching.models import Pairing
from sessions_log.models import CoachingSession
from sessions_log.registry import when_held


@pytest.fixture
def held() -> Callable[..., CoachingSession]:
    """Record one more session of a pairing as held, as the log does."""

    def held(pairing: Pairing, at: datetime | None = None) -> CoachingSession:
        at = at or timezone.now()
        start = at - timedelta(hours=1) - timedelta(days=50 - pairing.sessions.count())
        session = CoachingSession.objects.create(pairing=pairing, starts_at=start, held_at=at)
        for hook in when_held:
            hook(session, at)
        return session

    return held
