from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddying import unsent
from buddying.models import Programme
from buddying.reader import reader
from equipping import rewording
from equipping.forms import WordsForm
from equipping.lessons import Lesson, lessons_of


@login_required
@require_safe
def lessons(request: HttpRequest, pk: int) -> HttpResponse:
    programme = _programme(request, pk)
    told = lessons_of(programme, request.user)
    context = _context(request, programme) | {"lessons": told, "minutes": sum(lesson.minutes for lesson in told)}
    return render(request, "equipping/lessons.html", context)


@login_required
@require_safe
def lesson(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    programme = _programme(request, pk)
    told = lessons_of(programme, request.user)
    here = _number(told, slug)
    context = _context(request, programme) | {
        "lesson": told[here],
        "before": told[here - 1] if here else None,
        "after": told[here + 1] if here + 1 < len(told) else None,
    }
    return render(request, "equipping/lesson.html", context)


@login_required
@require_POST
def reading(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The reader's own mark, set or taken away; then on to the next lesson, or back to where they were."""
    programme = _programme(request, pk)
    told = lessons_of(programme, request.user)
    here, read = _number(told, slug), request.POST.get("read") == "yes"
    rewording.mark_read(programme, slug, reader(request), read)
    if not read:
        return redirect("equipping:lesson", pk, slug)
    left = [other for other in told[here + 1 :] + told[:here] if not other.is_read]
    if left:
        return redirect("equipping:lesson", pk, left[0].slug)
    messages.success(request, _("That was the last one. They stay here whenever you want to look something up."))
    return redirect("equipping:lessons", pk)


@login_required
@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A lead puts a programme's own words in place of ours."""
    programme, told = _own(request, pk, slug)
    form = WordsForm(request.POST or None, initial={"title": told.title, "text": told.text})
    if request.method == "POST" and form.is_valid():
        rewording.reword(programme, slug, form.cleaned_data["title"], form.cleaned_data["text"], by=request.user)
        unsent.forget(reader(request), f"lesson-{slug}", pk)
        messages.success(request, _("Saved. Everybody in the programme reads it like this from now on."))
        return redirect("equipping:lesson", pk, slug)
    context = {"form": form, "lesson": told, "programme": programme, "unsent_name": f"lesson-{slug}"}
    return render(request, "equipping/words.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def original(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Asks first: the programme's words are gone afterwards."""
    programme, told = _own(request, pk, slug)
    if request.method == "GET":
        return render(request, "equipping/original.html", {"lesson": told, "programme": programme})
    rewording.back_to_original(programme, slug)
    messages.success(request, _("The lesson has its original words again."))
    return redirect("equipping:lesson", pk, slug)


def _programme(request: HttpRequest, pk: int) -> Programme:
    return get_object_or_404(Programme.objects.visible_to(request.user), pk=pk)


def _number(told: list[Lesson], slug: str) -> int:
    slugs = [lesson.slug for lesson in told]
    if slug not in slugs:
        raise Http404
    return slugs.index(slug)


def _own(request: HttpRequest, pk: int, slug: str) -> tuple[Programme, Lesson]:
    programme = get_object_or_404(Programme.objects.run_by(request.user), pk=pk)
    told = lessons_of(programme, request.user)
    return programme, told[_number(told, slug)]


def _context(request: HttpRequest, programme: Programme) -> dict[str, Any]:
    return {
        "programme": programme,
        "runs_it": Programme.objects.run_by(request.user).filter(pk=programme.pk).exists(),
    }
