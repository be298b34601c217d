"""Log-ins that a copy of the database does not hand over: keys are kept as hashes, contents sealed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from trust.keys import CannotRead, seal, unseal

DEVICE = "device"  # when somebody logged in here, when they were last seen, with what


def kept_as(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from buddying.models import BrowserSession

        return BrowserSession

    def _get_session_from_db(self) -> Any:
        live = self.model.objects.filter(expire_date__gt=timezone.now())
        row = live.filter(session_key=kept_as(self.session_key or "")).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(kept_as(session_key))

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            self.model.objects.filter(session_key=kept_as(key)).delete()

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(super().encode(session_dict), self._bound_to)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What cannot be opened any more, because its key is gone, is no log-in any more."""
        try:
            return super().decode(unseal(str(session_data), self._bound_to))
        except (CannotRead, ValueError):
            return {}

    @property
    def _bound_to(self) -> str:
        return f"session|{kept_as(self.session_key or '')}"

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        device = data.get(DEVICE, {})
        row.session_key = kept_as(row.session_key)
        row.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.browser = device.get("browser", "")
        row.began_at, row.seen_at = (_moment(device.get(name)) for name in ("began", "seen"))
        return row


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
