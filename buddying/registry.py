"""What higher floors have to say about what happens here; filled in their ``AppConfig.ready``."""

from collections.abc import Callable
from datetime import datetime

from buddying.models import Participant, Person, Programme
from buddying.session_guide import Question

# Each says in a sentence what leaving the cohort now would mean besides, or None.
what_leaving_means: list[Callable[[Participant], str | None]] = []

# Called in the transaction in which somebody joins, or leaves.
when_joined: list[Callable[[Participant, datetime], None]] = []
when_left: list[Callable[[Participant, datetime], None]] = []

# Called in the transaction in which an account is closed, once its person has left their cohorts.
when_closed: list[Callable[[Person, datetime], None]] = []

# Called in the transaction in which a programme is copied: what it is copied from, and the copy.
when_copied: list[Callable[[Programme, Programme], None]] = []

# What people are asked when they reflect: a programme may have its own words for it.
questions: list[Question] = []
