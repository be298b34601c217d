from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from buddying.models import Cohort
from buddying.reader import reader
from insights import cohort as figures
from insights.answers import answers
from trust.acting import without_content
from trust.trail import note_look


@login_required
@without_content
def cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead's page. Looking at people's progress is noted, and they can see it."""
    led = get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)
    page = Paginator(figures.people(led), 50).get_page(request.GET.get("page"))
    rows = figures.followed(led, reader(request), timezone.now())
    stages = figures.path(led)
    note_look(
        request.user,
        figures.seen(rows) | {participant.person for participant in page},
        f"followed the progress of {led}",
        cohort=led,
    )
    more = figures.live(led, reader(request), timezone.now()).count() - len(rows) if len(rows) == figures.MOST else 0
    context = {"cohort": led, "stages": stages, "total": stages[0].count, "people": page, "followed": rows}
    context["more"] = more
    context["answers"] = answers(led, reader(request))
    return render(request, "insights/cohort.html", context)
