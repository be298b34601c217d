"""What I want to be mailed, and what I was mailed. Nobody else sees either."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outbox import bounces, history
from outbox.forms import ChoicesForm
from outbox.groups import GROUPS
from outbox.models import MailChoices

A_PAGE = 30


@login_required
@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    mine = MailChoices.of(request.user)
    form = ChoicesForm(request.POST or None, instance=mine)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("outbox:choices")
    context = {
        "form": form,
        "always": [group for group in GROUPS.values() if group.is_essential],
        "failure": bounces.failure_of(request.user),
    }
    return render(request, "outbox/choices.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    page = Paginator(history.told(request.user), A_PAGE).get_page(request.GET.get("page"))
    entries = [history.entry(message) for message in page]
    return render(request, "outbox/sent.html", {"page": page, "entries": entries})


@login_required
@require_POST
def address_works(request: HttpRequest) -> HttpResponse:
    bounces.works_again(getattr(request.user, "email", None) or "")
    messages.success(request, _("Thank you. We go on writing to that address."))
    return redirect("outbox:choices")
