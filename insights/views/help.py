from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from buddying.models import Person, Programme
from reflection import helping
from reflection.models import HelpThread


def help_page(request: HttpRequest) -> HttpResponse:
    """Where to turn: the organisation's own contacts first, then one lead in confidence."""
    context = _for_me(request.user) if isinstance(request.user, Person) else {}
    return render(request, "insights/help.html", context)


def _for_me(me: Person) -> dict[str, Any]:
    threads = HelpThread.objects.visible_to(me).select_related("writer", "lead")
    unread = set(threads.unread_by(me).values_list("pk", flat=True))
    return {
        "own_contacts": Programme.objects.ever_joined_by(me).exclude(support_contacts=""),
        "offers": helping.offered_to(me),
        "threads": [(thread, thread.other(me), thread.pk in unread) for thread in threads],
    }
