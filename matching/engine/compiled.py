"""Whether the compiled half of the engine is used: for large cohorts, where numba is installed.

Everyday cohorts neither import numba nor wait for it; without numba large cohorts take longer, and that is all.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from .rules import Rules
from .table import Table

if TYPE_CHECKING:
    from .fast_scoring import Scorer

LARGE = 400
HEAVIEST = 1_000_000  # sum of the policy's weights, so that scores stay far below 64 bits


def scorer_for(table: Table, rules: Rules) -> Scorer | None:
    heavy = sum(map(abs, table.problem.policy.weights.parts().values())) > HEAVIEST
    if len(table) < LARGE or heavy or importlib.util.find_spec("numba") is None:
        return None
    from .fast_scoring import Scorer

    return Scorer(table, rules)
