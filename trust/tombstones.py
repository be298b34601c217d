"""Whom this deployment has erased, kept outside the database, so that a backup does not bring them back.

A line for each: when, and a hash of the person's stable id. The id is random and goes with nothing else, so the file
tells nobody who it was.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

NAME = "erased.txt"


def path() -> Path:
    return Path(settings.DATA_DIR) / NAME


def mark_of(stable_id: UUID) -> str:
    return hashlib.sha256(b"buddying.erased:" + stable_id.bytes).hexdigest()


def marks() -> set[str]:
    """Of everybody erased so far. A line that was cut off by a power cut is no mark."""
    try:
        lines = path().read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return set()
    return {mark for line in lines if len(mark := line.rpartition(" ")[2]) == 64}


def add(stable_ids: Iterable[UUID], at: datetime) -> None:
    """On the disk when this returns."""
    path().parent.mkdir(parents=True, exist_ok=True)
    with open(path(), "a", encoding="ascii") as file:
        file.writelines(f"\n{at:%Y-%m-%dT%H:%MZ} {mark_of(stable_id)}" for stable_id in stable_ids)
        file.flush()
        os.fsync(file.fileno())
