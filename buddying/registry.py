"""What higher floors have to say about what happens here; filled in their ``AppConfig.ready``."""

from collections.abc import Callable

from buddying.models import Participant

# Each says in a sentence why somebody cannot be taken out of a cohort now, or None.
reasons_to_stay: list[Callable[[Participant], str | None]] = []
