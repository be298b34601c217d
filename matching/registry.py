"""What higher floors do when pairings open, change and close; filled in their ``AppConfig.ready``.

Each is called in the transaction in which it happens.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from matching.models import Pairing, PairingMember

# All that open in one step: two, or some thousands when a draft is published.
when_opened: list[Callable[[Sequence[Pairing], datetime], None]] = []

# Somebody takes a seat in a pairing that is open already.
when_joined: list[Callable[[PairingMember, datetime], None]] = []

# Somebody's seat has ended. Where the pairing has closed with it, this is called for each of its seats.
when_left: list[Callable[[PairingMember, datetime], None]] = []
