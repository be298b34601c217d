"""What bin/start and bin/test share is no package of the product: it lies in bin/."""

import sys
from pathlib import Path

import pytest

BIN = Path(__file__).resolve().parents[2] / "bin"
sys.path.insert(0, str(BIN))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "child.log"
