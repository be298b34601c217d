from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from buddying.models import Cohort, Person
from matching.models import Pairing
from tests.outbox.conftest import sink
from tests.trust.everything import World, write

__all__ = ["sink"]


@pytest.fixture
def data_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def world(
    data_folder: Path, cohort: Cohort, pairing: Pairing, ada: Person, ben: Person, cleo: Person, dora: Person
) -> World:
    world = World(cohort, pairing, ada, ben, cleo, dora, timezone.now())
    write(world)
    return world
