from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """Something a person can do next. ``urgency``: the smaller, the sooner it is shown."""

    urgency: int
    title: str
    why: str
    url: str = ""
    action: str = ""
    icon: str = "arrow-right"
