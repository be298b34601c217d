"""The organisation's own page for administrators, and the look that it gives the product."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buddying.forms.organisation import OrganisationForm
from buddying.models import Organisation
from buddying.reader import reader

FOR_LONG = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"


@login_required
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    if not reader(request).is_administrator:
        raise Http404
    form = OrganisationForm(request.POST or None, request.FILES or None, instance=Organisation.current())
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. Everybody sees it from now on."))
        return redirect("buddying:organisation")
    return render(request, "buddying/organisation.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """The accent as a style sheet, because no page carries styles of its own."""
    ours = Organisation.current()
    css = f"@layer tokens {{ :root {{ --accent-hue: {ours.accent_hue}; }} }}\n"
    return _kept(request, ours, HttpResponse(css, content_type="text/css; charset=utf-8"))


@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    ours = Organisation.objects.filter(pk=1, logo__isnull=False).first()
    if ours is None or ours.logo is None:
        raise Http404
    return _kept(request, ours, HttpResponse(bytes(ours.logo), content_type="image/webp"))


def _kept(request: HttpRequest, ours: Organisation, response: HttpResponse) -> HttpResponse:
    """For long under the address that names this very look; no other address is linked."""
    response.headers["Cache-Control"] = FOR_LONG if request.GET.get("v") == str(ours.look) else FOR_A_WHILE
    return response
