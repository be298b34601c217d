"""One clock for several devices: each answer says what time it is here, and ``static/js/clock.js`` counts by that."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse

HEADER = "Server-Now"


def epoch(at: datetime) -> str:
    """Seconds, as scripts read them."""
    return f"{at.timestamp():.3f}"


def telling_the_time(response: HttpResponse, at: datetime) -> HttpResponse:
    response.headers[HEADER] = epoch(at)
    return response
