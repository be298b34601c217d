from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from buddying.reader import reader
from matching.models import Pairing
from reflection import fitting
from reflection.forms import FitForm
from reflection.models import FitCheck

THANKS = {
    FitCheck.GOOD: _("Good to hear. Thank you."),
    FitCheck.DECIDING: _("Thank you. We ask you again after your next session."),
}


@login_required
@require_http_methods(["GET", "POST"])
def fit_check(request: HttpRequest, pk: int) -> HttpResponse:
    """One question; the answer is counted with others' and told to nobody."""
    checks = FitCheck.objects.visible_to(request.user).select_related("pairing__cohort", "person")
    check = get_object_or_404(checks, pk=pk)
    is_open = check.answered_at is None and not fitting.is_over(check)
    form = FitForm(request.POST if request.method == "POST" and is_open else None)
    if form.is_valid():
        return _answer(request, check, form.cleaned_data["answer"])
    context = {"check": check, "form": form, "is_open": is_open, **_people(request, check.pairing)}
    return render(request, "reflection/fit_check.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, check: FitCheck, answer: str) -> HttpResponse:
    try:
        fitting.answer(check, answer)
    except fitting.Over:
        messages.info(request, _("This pairing has ended."))
        return redirect("insights:home")
    if answer == FitCheck.NOT_GOOD:
        return redirect("reflection:options", check.pairing_id)
    messages.success(request, THANKS[answer])
    return redirect("insights:pairing", check.pairing_id)


@login_required
@require_safe
def options(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody can do who is not well matched. It looks the same to each member, whatever they answered."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    return render(request, "reflection/options.html", {"pairing": pairing, **_people(request, pairing)})


@login_required
@require_safe
def talk_guide(request: HttpRequest, pk: int) -> HttpResponse:
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user), pk=pk)
    return render(request, "reflection/talk_guide.html", {"pairing": pairing, **_people(request, pairing)})


def _people(request: HttpRequest, pairing: Pairing) -> dict[str, object]:
    """Who is in the pairing now is not for somebody who left it."""
    people = pairing.people()
    me = reader(request)
    return {"buddies": [person for person in people if person != me] if me in people else []}
