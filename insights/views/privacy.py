from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from insights import privacy as words
from trust.models import AccessRecord


def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "table": words.table(),
        "leads_see": words.LEADS_SEE,
        "administrators_see": words.ADMINISTRATORS_SEE,
    }
    return render(request, "insights/privacy.html", context)


@login_required
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at data about me."""
    mine = AccessRecord.objects.visible_to(request.user).select_related("viewer")
    page = Paginator(mine, 50).get_page(request.GET.get("page"))
    return render(request, "insights/looks.html", {"looks": page})
