from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def compiled_engine() -> None:
    """Compiled before any test asks: hypothesis looks on meanwhile otherwise, which takes several times as long."""
    from matching.engine import warm

    warm.main()
