from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from buddying import second_factor
from buddying.models import Person, Programme
from insights.guidance import pages
from insights.guidance.places import Places
from reflection import helping
from reflection.models import HelpThread


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to turn: the organisation's own contacts, then one lead in confidence; and the questions of each role."""
    if request.htmx and request.htmx.target == "answers":  # type: ignore[attr-defined]
        return render(request, "help/page.html#answers", _questions(request))
    context = _for_me(request.user) if isinstance(request.user, Person) else {}
    return render(request, "help/page.html", context | _questions(request))


@login_required
@require_safe
def help_role(request: HttpRequest, role: str) -> HttpResponse:
    """All questions of one role, with their answers; it prints as a leaflet."""
    mine = pages.pages_for(request.user)
    page = next((page for page in mine if page.role == role), None)
    if page is None:
        raise Http404
    chapters = pages.chapters_of(page, Places(request.user))
    return render(request, "help/role.html", {"page": page, "chapters": chapters, "others": mine})


@require_safe
def help_with(request: HttpRequest, slug: str) -> HttpResponse:
    """From a page of the product to its question, on the page of whichever role has it."""
    page = pages.page_with(slug, pages.pages_for(request.user))
    if page is None:
        return redirect(f"{reverse('insights:help')}#{slug}")
    return redirect(f"{reverse('insights:help_role', args=[page.role])}#{slug}")


def _questions(request: HttpRequest) -> dict[str, Any]:
    places, mine = Places(request.user), pages.pages_for(request.user)
    asked = request.GET.get("q", "").strip()[: pages.LONGEST] if mine else ""
    return {
        "asked": asked,
        "found": pages.found(mine, asked, places) if asked else [],
        "pages": mine,
        "getting_in": [] if mine else pages.getting_in(places),
    }


def _for_me(me: Person) -> dict[str, Any]:
    return {
        "own_contacts": Programme.objects.ever_joined_by(me).exclude(support_contacts=""),
        "offers": helping.offered_to(me),
        "threads": [] if second_factor.is_missing(me) else _conversations(me),
    }


def _conversations(me: Person) -> list[tuple[HelpThread, Person, bool]]:
    threads = HelpThread.objects.visible_to(me).select_related("writer", "lead")
    unread = set(threads.unread_by(me).values_list("pk", flat=True))
    return [(thread, thread.other(me), thread.pk in unread) for thread in threads]
