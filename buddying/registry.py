"""What higher floors have to say about what happens here; filled in their ``AppConfig.ready``."""

from collections.abc import Callable
from datetime import datetime

from buddying.models import Participant

# Each says in a sentence what leaving the cohort now would mean besides, or None.
what_leaving_means: list[Callable[[Participant], str | None]] = []

# Called in the transaction in which somebody joins, or leaves.
when_joined: list[Callable[[Participant, datetime], None]] = []
when_left: list[Callable[[Participant, datetime], None]] = []
