"""Browsers that people use. Who opened which session is known to its person alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trust.visibility import Audience, VisibleQuerySet

if TYPE_CHECKING:
    from buddying.sessions import SessionStore


class BrowserSession(AbstractBaseSession):
    """Django's session, with whose it is. ``session_key`` is a hash of what the browser's cookie says."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="browser_sessions"
    )
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=60, blank=True)

    audience = Audience(_("only you"), lambda viewer: Q(person=viewer))
    objects = VisibleQuerySet.as_manager()  # type: ignore[assignment,misc]
    is_this_one = False

    class Meta:
        ordering = ["-seen_at"]

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        from buddying.sessions import SessionStore

        return SessionStore
