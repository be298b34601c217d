from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Step:
    """Something a person can do next. ``urgency``: the smaller, the sooner. One of ``times`` is booked at once."""

    urgency: int
    title: str
    why: str
    url: str = ""
    action: str = ""
    icon: str = "arrow-right"
    times: tuple[datetime, ...] = ()
    times_url: str = ""
