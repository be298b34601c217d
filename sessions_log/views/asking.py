"""For which session: a miss is 404."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from sessions_log.models import CoachingSession


def visible_session(request: HttpRequest, pk: int) -> CoachingSession:
    visible = CoachingSession.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("pairing__cohort__programme"), pk=pk)
