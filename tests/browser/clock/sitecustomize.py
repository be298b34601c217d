"""Moves the clock of any Python that finds this on its path; only the browser tests put it there."""

import os
from datetime import UTC, datetime, timedelta

_ahead = float(os.environ.get("BROWSER_TESTS_CLOCK_AHEAD", "0"))  # seconds
if _ahead:
    import time_machine

    time_machine.travel(datetime.now(UTC) + timedelta(seconds=_ahead), tick=True).start()
