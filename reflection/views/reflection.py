from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from matching.models import Pairing
from reflection import reflecting
from reflection.forms import ReflectionForm, SharingForm
from reflection.models import ReflectionPrompt, SharedAnswer
from reflection.questions import words_of


@login_required
@require_http_methods(["GET", "POST"])
def reflection(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer alone."""
    prompt = _prompt(request, pk)
    form = ReflectionForm(request.POST if request.method == "POST" else None, prompt=prompt)
    if request.method == "POST" and form.is_valid():
        return _answer(request, prompt, form)
    context = _context(prompt) | {"form": form}
    return render(request, "reflection/reflection.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, prompt: ReflectionPrompt, form: ReflectionForm) -> HttpResponse:
    try:
        reflecting.answer(prompt, form.cleaned_data)
    except reflecting.Over:
        messages.warning(request, "This pairing has ended: what you wrote can be read, and no longer changed.")
        return redirect("reflection:reflection", prompt.pk)
    messages.success(request, "Saved, for you alone. Now choose what to share, if anything.")
    return redirect("reflection:sharing", prompt.pk)


@login_required
@require_http_methods(["GET", "POST"])
def sharing(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what the buddy may read."""
    prompt = _prompt(request, pk)
    form = SharingForm(request.POST if request.method == "POST" else None, prompt=prompt)
    if request.method == "POST" and form.is_valid():
        reflecting.share(prompt, form.cleaned_data["shared"])
        messages.success(request, "Done. You can change what you share at any time.")
        return _after_sharing(request, prompt)
    shared = set(prompt.shared.values_list("question", flat=True))
    context = _context(prompt)
    texts = (prompt.shared if context["over"] else prompt.answers).all()
    written = {answer.question: answer.text for answer in texts}
    asked = words_of(prompt.pairing.cohort.programme)
    context |= {
        "form": form,
        "answers": [(slug, words, written[slug], slug in shared) for slug, words in asked.items() if slug in written],
    }
    return render(request, "reflection/sharing.html", context, status=422 if form.errors else 200)


def _after_sharing(request: HttpRequest, prompt: ReflectionPrompt) -> HttpResponse:
    if Pairing.objects.visible_to(request.user).filter(pk=prompt.pairing_id).exists():
        return redirect("reflection:joint", prompt.pairing_id)
    return redirect("reflection:reflection", prompt.pk)


def _prompt(request: HttpRequest, pk: int) -> ReflectionPrompt:
    prompts = ReflectionPrompt.objects.visible_to(request.user).select_related("pairing__cohort__programme", "person")
    return get_object_or_404(prompts, pk=pk)


def _context(prompt: ReflectionPrompt) -> dict[str, object]:
    """Who is in the pairing now is not for somebody who left it."""
    people = prompt.pairing.people()
    buddies = [person for person in people if person != prompt.person] if prompt.person in people else []
    return {"prompt": prompt, "buddies": buddies, "over": reflecting.is_over(prompt)}


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
            (words, [answer for answer in shared if answer.question == slug])
            for slug, words in words_of(pairing.cohort.programme).items()
        ],
        "nothing_shared": not shared,
    }
    return render(request, "reflection/joint.html", context)
