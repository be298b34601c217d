"""What higher floors know that booking and logging must heed; filled in their ``AppConfig.ready``."""

from collections.abc import Callable
from datetime import datetime

from matching.models import Pairing
from sessions_log.models import CoachingSession

# A sentence that says why this pairing cannot book yet, or None.
booking_conditions: list[Callable[[Pairing], str | None]] = []

# Called in the transaction in which a session is first recorded as held.
when_held: list[Callable[[CoachingSession, datetime], None]] = []
