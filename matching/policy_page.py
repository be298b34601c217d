"""What stands around the form of a policy."""

from __future__ import annotations

from typing import Any

from buddying.models import Cohort
from matching.costs import AT_ALL, WITH_THE_PAGE, costs_before_a_run
from matching.forms import PRESETS


def rules_of(cohort: Cohort, people: int) -> dict[str, Any]:
    """With few people the costs come with the page, with many after it, with very many not at all."""
    if people <= WITH_THE_PAGE:
        return {"costs": costs_before_a_run(cohort)}
    return {"costs_follow": people <= AT_ALL}


def presets(wanted: str | None) -> list[dict[str, Any]]:
    chosen = wanted if wanted in PRESETS else next(iter(PRESETS))
    return [{"name": name, "label": label, "chosen": name == chosen} for name, (label, _) in PRESETS.items()]
