"""What higher floors do when a pairing opens; filled in their ``AppConfig.ready``."""

from collections.abc import Callable
from datetime import datetime

from matching.models import Pairing

when_opened: list[Callable[[Pairing, datetime], None]] = []
