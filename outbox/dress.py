"""What letters are dressed in: the name and the colours of whoever sends them. A higher floor knows them."""

from __future__ import annotations

from collections.abc import Callable

_known: list[Callable[[], dict[str, str]]] = []


def register(says: Callable[[], dict[str, str]]) -> None:
    """``says`` gives ``name``, ``accent``, ``accent_tint``, ``accent_dark`` and ``on_accent_dark``."""
    _known.append(says)


def dress() -> dict[str, str]:
    return {name: value for says in _known for name, value in says().items()}
