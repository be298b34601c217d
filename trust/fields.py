"""Text that the database cannot read.

``EncryptedTextField`` stores version, data key id, nonce and ciphertext. The associated data is
table, column, row and owner, so text copied into another row or column does not decrypt. The model
needs a UUID primary key (known before the insert) and a ``content_owner`` that says whose key it is.
Text is decrypted when the attribute is read, and never by a query.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from trust.keys import decrypt, encrypt
from trust.models import DataKey, Owner, data_key

VERSION = b"\x01"


class Sealed(bytes):
    """Ciphertext as it lies in the database."""


# In place of a text whose row has to stay: it reads as empty.
ERASED = Sealed(b"\x00")


class _OpensWhenRead(DeferredAttribute):
    field: EncryptedTextField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = self.field._open(instance, value)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        """Makes this a data descriptor, so that ``__get__`` is asked even where a value is kept."""
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.Field):
    descriptor_class = _OpensWhenRead
    empty_strings_allowed = True

    def db_type(self, connection: Any) -> str:
        return "bytea"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        return self._seal(model_instance, str(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or isinstance(value, Sealed):
            return connection.Database.Binary(value) if value is not None else None
        raise FieldError(f"{self.name} is encrypted: save the instance, and do not filter by its text.")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: it cannot be searched.")
        return super().get_lookup(lookup_name)

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return super().formfield(**{"form_class": forms.CharField, "widget": forms.Textarea} | kwargs)

    def _seal(self, instance: models.Model, text: str) -> Sealed:
        owner = self._owner(instance)
        key = DataKey.of(owner)
        content = encrypt(key.unwrapped(), text.encode(), self._bound_to(instance, owner))
        return Sealed(VERSION + key.id.bytes + content)

    def _open(self, instance: models.Model, sealed: Sealed) -> str:
        if sealed == ERASED:
            return ""
        key = data_key(uuid.UUID(bytes=sealed[1:17]))
        return decrypt(key, sealed[17:], self._bound_to(instance, self._owner(instance))).decode()

    def _owner(self, instance: models.Model) -> Owner:
        return instance.content_owner  # type: ignore[attr-defined]

    def _bound_to(self, instance: models.Model, owner: Owner) -> str:
        return f"{instance._meta.db_table}|{self.column}|{instance.pk}|{owner.kind}:{owner.id}"
