from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buddying import unsent
from buddying.models import Participant
from buddying.views.mine import my_participation
from reflection import goal_setting
from reflection.forms import GoalsForm
from reflection.models import Goals


@login_required
@require_http_methods(["GET", "POST"])
def goals(request: HttpRequest, pk: int) -> HttpResponse:
    """For my own eyes. The programme's lines below are counted with others'."""
    mine = my_participation(request, pk)
    known = Goals.objects.visible_to(request.user).filter(participant=mine).prefetch_related("outcomes").first()
    stage = goal_setting.stage_of(mine)
    form = GoalsForm(
        request.POST if request.method == "POST" else None,
        goals=known,
        stage=stage,
        to_rate=goal_setting.still_to_rate(mine),
    )
    if form.is_valid():
        _keep(mine, form)
        unsent.forget(mine.person, "goals", pk)
        messages.success(request, _("Kept."))
        return redirect("insights:home")
    context = {"mine": mine, "cohort": mine.cohort, "goals": known, "stage": stage, "form": form}
    return render(request, "reflection/goals.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _keep(mine: Participant, form: GoalsForm) -> None:
    goal_setting.keep(mine, form.cleaned_data["focus"].strip(), form.aims())
    goal_setting.rate(mine, form.ratings())


@login_required
@require_POST
def skipping(request: HttpRequest, pk: int) -> HttpResponse:
    goal_setting.skip(my_participation(request, pk))
    messages.success(request, _("Fine. You find it under your pairing if you change your mind."))
    return redirect("insights:home")
