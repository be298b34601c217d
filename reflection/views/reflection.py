from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from matching.models import Pairing
from reflection import reflecting
from reflection.forms import ReflectionForm, SharingForm
from reflection.models import ReflectionPrompt, SharedAnswer
from reflection.questions import WORDS


@login_required
@require_http_methods(["GET", "POST"])
def reflection(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer alone."""
    prompt = get_object_or_404(ReflectionPrompt.objects.visible_to(request.user), pk=pk)
    form = ReflectionForm(request.POST or None, prompt=prompt)
    if request.method == "POST" and form.is_valid():
        reflecting.answer(prompt, form.cleaned_data)
        messages.success(request, "Saved, for you alone. Now choose what to share, if anything.")
        return redirect("reflection:sharing", pk)
    context = {"prompt": prompt, "form": form, "buddies": prompt.pairing.buddies_of(request.user)}
    return render(request, "reflection/reflection.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def sharing(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what the buddy may read."""
    prompt = get_object_or_404(ReflectionPrompt.objects.visible_to(request.user), pk=pk)
    form = SharingForm(request.POST or None, prompt=prompt)
    if request.method == "POST" and form.is_valid():
        reflecting.share(prompt, form.cleaned_data["shared"])
        messages.success(request, "Done. You can change what you share at any time.")
        return redirect("reflection:joint", prompt.pairing_id)
    shared = set(prompt.shared.values_list("question", flat=True))
    written = {answer.question: answer.text for answer in prompt.answers.all()}
    context = {
        "prompt": prompt,
        "form": form,
        "buddies": prompt.pairing.buddies_of(request.user),
        "answers": [(slug, words, written[slug], slug in shared) for slug, words in WORDS.items() if slug in written],
    }
    return render(request, "reflection/sharing.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET"])
def joint(request: HttpRequest, pk: int) -> HttpResponse:
    """What each chose to share, and a guide for a short conversation. Alone first: others' words wait for mine."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user), pk=pk)
    mine = get_object_or_404(ReflectionPrompt.objects.visible_to(request.user), pairing=pairing)
    if mine.answered_at is None:
        return redirect("reflection:reflection", mine.pk)
    shared = list(SharedAnswer.objects.visible_to(request.user).filter(pairing=pairing).select_related("author"))
    context = {
        "pairing": pairing,
        "prompt": mine,
        "buddies": pairing.buddies_of(request.user),
        "by_question": [
            (words, [answer for answer in shared if answer.question == slug]) for slug, words in WORDS.items()
        ],
        "nothing_shared": not shared,
    }
    return render(request, "reflection/joint.html", context)
