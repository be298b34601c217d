"""Mail that another server hands over as it came: the webhook beside the mailbox."""

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from outbox import incoming
from outbox.mailbox import MOST_BYTES


@csrf_exempt
@require_POST
def incoming_mail(request: HttpRequest) -> HttpResponse:
    """204 if it was for us, 202 if nobody here knows what to do with it; 503: hand it over again later."""
    if not settings.INCOMING_SECRET:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.INCOMING_SECRET}"):
        return HttpResponse(status=403)
    if not _length(request) <= MOST_BYTES:
        return HttpResponse(status=413)
    try:
        return HttpResponse(status=204 if incoming.take(request.body) else 202)
    except (OperationalError, InterfaceError):
        return HttpResponse(status=503, headers={"Retry-After": "60"})


def _length(request: HttpRequest) -> float:
    """No more than this is read; a body of unknown length counts as too long."""
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else float("inf")
