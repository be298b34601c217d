from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddying.reader import reader
from matching.models import Pairing
from reflection import goal_setting, reflecting
from reflection.forms import ReflectionForm, SharingForm
from reflection.models import ReflectionPrompt, SharedAnswer
from reflection.questions import words_of
from reflection.sharing import sentences_of, share

OVER = _("This pairing has ended: what you wrote can be read, and no longer changed.")


@login_required
@require_http_methods(["GET", "POST"])
def reflection(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer alone."""
    prompt = _prompt(request, pk)
    form = ReflectionForm(request.POST if request.method == "POST" else None, prompt=prompt)
    if request.method == "POST" and form.is_valid():
        return _answer(request, prompt, form)
    goals = goal_setting.goals_in(prompt.pairing, reader(request))
    context = _context(prompt) | {"form": form, "goals": goals}
    return render(request, "reflection/reflection.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, prompt: ReflectionPrompt, form: ReflectionForm) -> HttpResponse:
    try:
        reflecting.answer(prompt, form.texts, form.scales)
    except reflecting.Over:
        messages.warning(request, OVER)
        return redirect("reflection:reflection", prompt.pk)
    messages.success(request, _("Saved, for you alone. Now choose what to share, if anything."))
    return redirect("reflection:sharing", prompt.pk)


@login_required
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Saved as one goes: by itself with JavaScript, by a button without."""
    prompt = _prompt(request, pk)
    form = ReflectionForm(request.POST, prompt=prompt, finishing=False)
    if not form.is_valid():
        return render(request, "reflection/reflection.html", _context(prompt) | {"form": form}, status=422)
    try:
        reflecting.keep(prompt, form.texts, form.scales)
    except reflecting.Over:
        messages.warning(request, OVER)
        return redirect("reflection:reflection", prompt.pk)
    if _by_script(request):
        return HttpResponse(status=204, headers={"Kept-At": date_format(timezone.localtime(), "H:i:s")})
    messages.success(request, _("Saved, for you alone. You can go on whenever you like."))
    return redirect("insights:home")


def _by_script(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


@login_required
@require_http_methods(["GET", "POST"])
def sharing(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose, sentence by sentence, what the buddy may read."""
    prompt = _prompt(request, pk)
    form = SharingForm(request.POST if request.method == "POST" else None, prompt=prompt)
    if request.method == "POST" and form.is_valid():
        share(prompt, form.cleaned_data["shared"])
        messages.success(request, _("Done. You can change what you share at any time."))
        return _after_sharing(request, prompt)
    asked = words_of(prompt.pairing.cohort.programme)
    answers = [(asked[slug], rows) for slug, rows in sentences_of(prompt).items()]
    context = _context(prompt) | {"form": form, "answers": answers}
    return render(request, "reflection/sharing.html", context, status=422 if form.errors else 200)


def _after_sharing(request: HttpRequest, prompt: ReflectionPrompt) -> HttpResponse:
    if Pairing.objects.visible_to(request.user).filter(pk=prompt.pairing_id).exists():
        return redirect("reflection:joint", prompt.pairing_id)
    return redirect("reflection:reflection", prompt.pk)


def _prompt(request: HttpRequest, pk: int) -> ReflectionPrompt:
    prompts = ReflectionPrompt.objects.visible_to(request.user).select_related("pairing__cohort__programme", "person")
    return get_object_or_404(prompts, pk=pk)


def _context(prompt: ReflectionPrompt) -> dict[str, Any]:
    """Who is in the pairing now is not for somebody who left it."""
    people = prompt.pairing.people()
    buddies = [person for person in people if person != prompt.person] if prompt.person in people else []
    return {"prompt": prompt, "buddies": buddies, "over": reflecting.is_over(prompt)}


@login_required
@require_safe
def joint(request: HttpRequest, pk: int) -> HttpResponse:
    """What each chose to share, and a guide for a short conversation. It opens once all have answered alone."""
    me = reader(request)
    pairing = get_object_or_404(Pairing.objects.visible_to(me), pk=pk)
    mine = get_object_or_404(ReflectionPrompt.objects.visible_to(me), pairing=pairing)
    if mine.answered_at is None:
        return redirect("reflection:reflection", mine.pk)
    is_open = reflecting.is_open(pairing)
    if is_open:
        reflecting.mark_seen(mine)
    shared = SharedAnswer.objects.visible_to(me).filter(pairing=pairing).select_related("author")
    answers = list(shared if is_open else shared.filter(author=me))
    context = {
        "pairing": pairing,
        "prompt": mine,
        "is_open": is_open,
        "waited_for": [] if is_open else reflecting.waited_for(pairing),
        "buddies": pairing.buddies_of(me),
        "by_question": [
            (words, [answer for answer in answers if answer.question == slug])
            for slug, words in words_of(pairing.cohort.programme).items()
        ],
        "nothing_shared": not answers,
    }
    return render(request, "reflection/joint.html", context)
