from __future__ import annotations

import csv

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from buddying.models import Cohort, Person
from buddying.reader import reader
from matching.rounds_ahead import Round, draw_up, table
from matching.waiting import to_be_matched
from trust.acting import without_content
from trust.trail import note_look

MOST_PEOPLE = 300  # a page is answered within a second or two; the command takes any number
MOST_ROUNDS = 12


class RoundsForm(forms.Form):
    rounds = forms.IntegerField(
        label=_("How many rounds"),
        min_value=1,
        max_value=MOST_ROUNDS,
        initial=3,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


@login_required
@require_safe
@without_content
def rounds(request: HttpRequest, pk: int) -> HttpResponse:
    """Drawn up anew each time it is asked for; nothing is kept.

    Not for a lead who takes part: whoever is never missing beside them, in no round, would be who refused them.
    """
    cohort = get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)
    people, form = to_be_matched(cohort).count(), RoundsForm(request.GET or None)
    drawn: list[Round] = []
    is_own = to_be_matched(cohort).filter(person=reader(request)).exists()
    if 2 <= people <= MOST_PEOPLE and not is_own and form.is_valid():
        drawn = draw_up(cohort, form.cleaned_data["rounds"])
        looked_at = Person.objects.filter(participations__in=to_be_matched(cohort))
        note_look(request.user, set(looked_at), gettext_noop("drew up rounds of pairs of %(cohort)s"), cohort=cohort)
    if drawn and request.GET.get("as") == "csv":
        return _file(cohort, drawn)
    context = {"cohort": cohort, "form": form, "rounds": drawn, "people": people, "most": MOST_PEOPLE, "is_own": is_own}
    return render(request, "matching/rounds.html", context, status=422 if form.errors else 200)


def _file(cohort: Cohort, drawn: list[Round]) -> HttpResponse:
    name = f'attachment; filename="rounds-{cohort.pk}.csv"'
    file = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
    csv.writer(file, lineterminator="\r\n").writerows(table(drawn))
    return file
