"""Which tables hold content: what only its author, its pair or its two may read. Row-level security guards each."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

from trust.fields import EncryptedTextField
from trust.models import DataKey


def content_models() -> list[type[Model]]:
    """With encrypted text, or an audience that says so; and the keys."""
    return sorted(_found(), key=lambda model: model._meta.db_table)


def content_tables() -> list[str]:
    return [model._meta.db_table for model in content_models()]


def _found() -> Iterator[type[Model]]:
    for model in apps.get_models():
        is_encrypted = any(isinstance(field, EncryptedTextField) for field in model._meta.get_fields())
        if model is DataKey or is_encrypted or getattr(getattr(model, "audience", None), "is_content", False):
            yield model
