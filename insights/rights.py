"""What is kept of people on this floor: counts."""

from __future__ import annotations

from trust.holdings import leave_out


def register_all() -> None:
    leave_out(
        "Counts of five people or more, and of what is in which count; nobody is named.",
        "insights.Snapshot",
        "insights.Figure",
        "insights.Part",
        "insights.CohortMonth",
    )
