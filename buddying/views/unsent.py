"""For the script that keeps what is typed. Without it a form is kept once it is sent, as ever."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST

from buddying import unsent as keeping
from buddying.models import UnsentText
from buddying.reader import reader

OF_THE_PAGE = ("csrfmiddlewaretoken", "unsent_of")
KEPT, OF_SOMEBODY_ELSE, TOO_LONG = 204, 409, 413


@login_required
@require_http_methods(["GET", "POST"])
def unsent(request: HttpRequest, form: str, number: int) -> HttpResponse:
    """A GET hands out what was kept, and the token of the present log-in, which may be another than the page's."""
    if request.method == "POST":
        return _keep(request, form, number)
    kept = UnsentText.objects.visible_to(request.user).filter(form=form, number=number).first()
    body = {"fields": keeping.fields_of(kept), "written": _said(kept)} if kept else {}
    return JsonResponse(body, headers={"CSRF-Token": get_token(request)})


def _said(kept: UnsentText) -> str:
    return date_format(timezone.localtime(kept.written_at), "MOMENT_FORMAT")


def _keep(request: HttpRequest, form: str, number: int) -> HttpResponse:
    """What Ada typed is not kept for Ben, who has logged in since in another tab."""
    if request.POST.get("unsent_of") != str(reader(request).pk):
        return HttpResponse(status=OF_SOMEBODY_ELSE)
    typed = [(name, value) for name, values in request.POST.lists() if name not in OF_THE_PAGE for value in values]
    try:
        kept = keeping.keep(reader(request), form, number, typed)
    except keeping.TooLong:
        return HttpResponse(status=TOO_LONG)
    clock = date_format(timezone.localtime(kept.written_at), "H:i:s")
    return HttpResponse(status=KEPT, headers={"Kept-At": clock})


@login_required
@require_POST
def forgetting(request: HttpRequest, form: str, number: int) -> HttpResponse:
    keeping.forget(reader(request), form, number)
    return HttpResponse(status=KEPT)
