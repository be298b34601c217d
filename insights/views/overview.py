from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from buddying.reader import reader
from insights.overview import cohorts
from trust.acting import without_content


@login_required
@without_content
def overview(request: HttpRequest) -> HttpResponse:
    if not reader(request).is_administrator:
        raise Http404
    page = Paginator(cohorts(timezone.now()), 50).get_page(request.GET.get("page"))
    return render(request, "insights/overview.html", {"cohorts": page})
