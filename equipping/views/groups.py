"""The group's side: rounds, roles and the clock; sheets and notes that only their author sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddying import unsent
from buddying.reader import reader
from buddying.shared_clock import telling_the_time
from equipping import rounds
from equipping.forms import NoteForm, ObserverForm
from equipping.models import ObserverNote, PracticeGroup, PracticeNote

NOTHING_NEW = 204


@login_required
@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Screens in the room ask every few seconds; while nothing has changed they get no answer to put in."""
    found = _group(request, pk)
    context = _now(request, found, timezone.now())
    if request.GET.get("seen") == context["version"]:
        return telling_the_time(HttpResponse(status=NOTHING_NEW), context["now"])
    context["note"] = PracticeNote.objects.visible_to(request.user).filter(group=found).first()
    page = "equipping/_round.html" if request.htmx else "equipping/group.html"  # type: ignore[attr-defined]
    return telling_the_time(render(request, page, context), context["now"])


@login_required
@require_POST
def beginning(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    rounds.begin(_group(request, pk), number)
    return _back(request, pk)


@login_required
@require_POST
def taking_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    rounds.take_back(_group(request, pk), number)
    return _back(request, pk)


@login_required
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    rounds.finish(_group(request, pk))
    messages.success(request, _("Well done, all of you. Take two minutes now for what you want to keep."))
    return redirect("equipping:note", pk)


@login_required
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """For whoever observes in this round."""
    found = _group(request, pk)
    roles = next((one for one in rounds.roles_of(found.people()) if one.number == number), None)
    if roles is None or roles.of(request.user) != rounds.OBSERVER:
        raise Http404
    kept = ObserverNote.objects.visible_to(request.user).filter(group=found, number=number).first()
    form = ObserverForm(request.POST or None, initial={"text": kept.text if kept else ""})
    if request.method == "POST" and form.is_valid():
        rounds.observe(found, number, reader(request), form.cleaned_data["text"])
        unsent.forget(reader(request), _sheet_name(number), pk)
        messages.success(request, _("Kept, for you alone."))
        return redirect("equipping:sheet", pk, number)
    context = _now(request, found, timezone.now()) | {"form": form, "sheet_roles": roles, "kept": kept}
    context["sheet_name"] = _sheet_name(number)
    return render(request, "equipping/sheet.html", context, status=422 if form.errors else 200)


def _sheet_name(number: int) -> str:
    return f"practice-sheet-{number}"


@login_required
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    found = _group(request, pk)
    kept = PracticeNote.objects.visible_to(request.user).filter(group=found).first()
    known = {"strengths": kept.strengths, "growth": kept.growth} if kept else {}
    form = NoteForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        rounds.keep(found, reader(request), form.cleaned_data["strengths"], form.cleaned_data["growth"])
        unsent.forget(reader(request), "practice-note", pk)
        messages.success(request, _("Kept, for you alone."))
        return redirect("equipping:group", pk)
    context = {"group": found, "form": form, "others": _others(request, found)}
    return render(request, "equipping/note.html", context, status=422 if form.errors else 200)


def _group(request: HttpRequest, pk: int) -> PracticeGroup:
    mine = PracticeGroup.objects.visible_to(request.user).select_related("practice__cohort__programme")
    return get_object_or_404(mine, pk=pk)


def _others(request: HttpRequest, group: PracticeGroup) -> list[Any]:
    return [person for person in group.people() if person != request.user]


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the sheet, for an observer who keeps the time."""
    number = request.POST.get("sheet", "")
    return redirect("equipping:sheet", pk, int(number)) if number in list("1234") else redirect("equipping:group", pk)


def _now(request: HttpRequest, group: PracticeGroup, at: datetime) -> dict[str, Any]:
    people, begun = group.people(), list(group.rounds.all())
    for one in begun:
        one.group = group
    plan = rounds.roles_of(people)
    current = begun[-1] if begun else None
    roles = plan[current.number - 1] if current and current.number <= len(plan) else None
    following = plan[len(begun)] if len(begun) < len(plan) else None
    return {
        "group": group,
        "practice": group.practice,
        "people": people,
        "others": [person for person in people if person != request.user],
        "plan": plan,
        "current": current,
        "roles": roles,
        "my_role": roles.of(request.user) if roles else "",
        "next": following,
        "my_next_role": following.of(request.user) if following else "",
        "whole_minutes": len(plan) * (group.practice.coaching_minutes + group.practice.feedback_minutes),
        "now": at,
        "version": _version(group, people, current),
    }


def _version(group: PracticeGroup, people: list[Any], current: Any) -> str:
    began = f"{current.number}.{current.started_at.timestamp():.0f}" if current else "0"
    return f"{began}.{len(people)}.{'over' if group.finished_at else 'off' if group.is_called_off else 'on'}"
