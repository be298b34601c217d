"""Naming wished-for buddies: one page, one button at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from buddying import nominating
from buddying.forms.nominations import WishForm
from buddying.models import Participant
from buddying.nominating import ALSO, REFUSED, WISH, Change, Choice, NotPossible, Standing
from buddying.views.mine import my_participation
from buddying.views.profile import steps_of

A_PAGE = 6
REMOVED = "removed from wishes"


class Fellow(NamedTuple):
    participant: Participant
    standing: Standing
    never: str


class Undo(NamedTuple):
    fellow: Participant
    before: Standing

    @property
    def verb(self) -> str:
        return {WISH: "name", ALSO: "also", REFUSED: "refuse"}[self.before.kind]


class Note(NamedTuple):
    text: str
    tone: str = "success"
    undo: Undo | None = None
    fellow: Participant | None = None


@login_required
@require_http_methods(["GET", "POST"])
def nominations(request: HttpRequest, pk: int) -> HttpResponse:
    mine = my_participation(request, pk)
    if request.method == "POST":
        return _act(request, mine)
    part = "#results" if _asked_for(request, "results") else ""
    return _page(request, mine, part, _note_of_removal(request, mine))


@login_required
@require_POST
def nominations_done(request: HttpRequest, pk: int) -> HttpResponse:
    mine = my_participation(request, pk)
    try:
        nominating.finish(mine)
    except NotPossible as reason:
        messages.error(request, str(reason))
        return redirect("buddying:nominations", pk)
    messages.success(request, _("Thank you."))
    return redirect("/")


def _act(request: HttpRequest, mine: Participant) -> HttpResponse:
    form = WishForm(request.POST, mine=mine)
    if not form.is_valid():
        raise Http404
    fellow = form.cleaned_data["fellow"]
    try:
        change = _call(form.cleaned_data["verb"], mine, fellow, form.cleaned_data["place"])
        note = _note(change)
    except NotPossible as reason:
        note = Note(str(reason), "error")
    note = note._replace(fellow=fellow)
    if request.htmx:  # type: ignore[attr-defined]
        status = 422 if note.tone == "error" else 200
        return _page(request, mine, "#choosing", note, status)
    _remember(request, note)
    return redirect(_address(request, mine))


def _call(verb: str, mine: Participant, fellow: Participant, place: int | None) -> Change:
    verbs: dict[str, Callable[[], Change]] = {
        "name": lambda: nominating.name(mine, fellow, place),
        "also": lambda: nominating.also(mine, fellow),
        "refuse": lambda: nominating.refuse(mine, fellow),
        "withdraw": lambda: nominating.withdraw(mine, fellow),
        "up": lambda: nominating.move(mine, fellow, -1),
        "down": lambda: nominating.move(mine, fellow, 1),
    }
    return verbs[verb]()


def _note(change: Change) -> Note:
    """What happened, in a sentence; removing can be undone."""
    before, after = change.before, change.after
    if after == before:
        return Note("")
    if not after.kind:
        return _removed(change.fellow, before)
    if after.kind == REFUSED:
        return Note((YOU_REFUSE_A_WISH if before.kind else YOU_REFUSE) % {"name": change.fellow.person})
    said = [_named(before, after) % {"name": change.fellow.person}]
    return Note(" ".join(said + ([_taken_back(change.fellow)] if before.kind == REFUSED else [])))


YOU_REFUSE = gettext_lazy("You will not be paired with %(name)s. Nobody is told.")
YOU_REFUSE_A_WISH = gettext_lazy(
    "You will not be paired with %(name)s. They are off your list of wishes. Nobody is told."
)
YOUR_WISH = (
    gettext_lazy("%(name)s is your first wish."),
    gettext_lazy("%(name)s is your second wish."),
    gettext_lazy("%(name)s is your third wish."),
)
YOUR_WISH_NOW = (
    gettext_lazy("%(name)s is now your first wish."),
    gettext_lazy("%(name)s is now your second wish."),
    gettext_lazy("%(name)s is now your third wish."),
)


def _named(before: Standing, after: Standing) -> str:
    if after.kind == ALSO:
        return _("%(name)s is among those you would also be happy with.")
    return str((YOUR_WISH_NOW if before.kind == WISH else YOUR_WISH)[after.place - 1])


def _taken_back(fellow: Participant) -> str:
    return _("“Please not with %(name)s” is taken back.") % {"name": fellow.person}


def _removed(fellow: Participant, before: Standing) -> Note:
    off = _("%(name)s is off your list of wishes.") % {"name": fellow.person}
    return Note(_taken_back(fellow) if before.kind == REFUSED else off, undo=Undo(fellow, before))


def _remember(request: HttpRequest, note: Note) -> None:
    """Without JavaScript the next page says what happened, and can undo a removal."""
    if note.undo:
        request.session[REMOVED] = [note.undo.fellow.pk, *note.undo.before]
    elif note.text:
        messages.add_message(request, messages.ERROR if note.tone == "error" else messages.SUCCESS, note.text)


def _note_of_removal(request: HttpRequest, mine: Participant) -> Note | None:
    if request.htmx or REMOVED not in request.session:  # type: ignore[attr-defined]
        return None
    removed, kind, place = request.session.pop(REMOVED)
    fellow = mine.fellows().filter(pk=removed).first()
    return _removed(fellow, Standing(kind, place)) if fellow else None


def _address(request: HttpRequest, mine: Participant) -> str:
    """This page with the same search and the same people on it."""
    query = {key: request.GET[key] for key in ("search", "page") if request.GET.get(key)}
    here = reverse("buddying:nominations", args=[mine.cohort_id])
    return f"{here}?{urlencode(query)}" if query else here


def _page(request: HttpRequest, mine: Participant, part: str, note: Note | None, status: int = 200) -> HttpResponse:
    choice = nominating.choice_of(mine)
    words = request.GET.get("search", "").strip()[:100]
    context: dict[str, Any] = {
        "mine": mine,
        "cohort": mine.cohort,
        "choice": choice,
        "open": nominating.may_choose(mine),
        "search": words,
        "page": _fellows(mine, words, request.GET.get("page")),
        "note": note,
        "next_place": min(len(choice.wishes), 2) + 1,
        "steps": steps_of(mine, 3),
        "here": request.path,
        "action": _address(request, mine),
        "came_from": request.POST.get("from", ""),
        "acted_on": note.fellow if note else None,
    }
    context["fellows"] = _standings(mine, choice, context["page"])
    context["wishes"] = _standings(mine, choice, choice.wishes)
    return render(request, f"buddying/nominations.html{part}", context, status=status)


def _fellows(mine: Participant, words: str, number: str | None) -> Page[Participant]:
    """Nobody is listed any more once the time is over."""
    found = nominating.found(mine, words) if nominating.may_choose(mine) else Participant.objects.none()
    return Paginator(found, A_PAGE).get_page(number)


def _standings(mine: Participant, choice: Choice, people: Iterable[Participant]) -> list[Fellow]:
    return [Fellow(one, choice.standing_of(one), nominating.why_never(mine, one)) for one in people]


def _asked_for(request: HttpRequest, target: str) -> bool:
    return bool(request.htmx) and request.htmx.target == target  # type: ignore[attr-defined]
