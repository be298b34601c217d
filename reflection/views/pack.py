"""Sheets to print: of a cohort for those who belong to it, of a programme for its leads, and a pair's own agreement."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from buddying import paper, typesetting
from buddying.models import Cohort, Programme
from buddying.reader import reader
from matching.models import Pairing
from reflection import agreeing
from reflection.pack import ALL, BY_SLUG, SHEETS, TOGETHER, contents, words_for
from reflection.sections import sections

SIZES = ("a4", "letter")


@login_required
@require_safe
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = _cohort(request, pk)
    mine = Pairing.objects.visible_to(request.user).live().filter(cohort=cohort)
    own = [(pairing, pairing.buddies_of(reader(request))) for pairing in mine]
    return _pack(request, {"cohort": cohort, "programme": cohort.programme, "own": own}, _base("pack", pk))


@login_required
@require_safe
def programme_pack(request: HttpRequest, pk: int) -> HttpResponse:
    return _pack(request, {"programme": _programme(request, pk)}, _base("programme_pack", pk))


@login_required
@require_safe
def pack_sheet(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    cohort = _cohort(request, pk)
    return _sheet(request, slug, words_for(cohort.programme, cohort, request.user), _base("pack", pk))


@login_required
@require_safe
def pack_file(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    cohort = _cohort(request, pk)
    return _file(request, slug, words_for(cohort.programme, cohort, request.user), _base("pack", pk))


@login_required
@require_safe
def programme_pack_sheet(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    words = words_for(_programme(request, pk), None, request.user)
    return _sheet(request, slug, words, _base("programme_pack", pk))


@login_required
@require_safe
def programme_pack_file(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    words = words_for(_programme(request, pk), None, request.user)
    return _file(request, slug, words, _base("programme_pack", pk))


@login_required
@require_safe
def agreement_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    pairing = _pairing(request, pk)
    return _sheet(request, "agreement", _agreed(pairing), _base("agreement", pk))


@login_required
@require_safe
def agreement_file(request: HttpRequest, pk: int) -> HttpResponse:
    pairing = _pairing(request, pk)
    return _file(request, "agreement", _agreed(pairing), _base("agreement", pk))


def _cohort(request: HttpRequest, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user).select_related("programme"), pk=pk)


def _programme(request: HttpRequest, pk: int) -> Programme:
    return get_object_or_404(Programme.objects.run_by(request.user), pk=pk)


def _pairing(request: HttpRequest, pk: int) -> Pairing:
    return get_object_or_404(Pairing.objects.visible_to(request.user).select_related("cohort__programme"), pk=pk)


def _base(name: str, pk: int) -> str:
    return reverse(f"reflection:{name}", args=[pk])


def _agreed(pairing: Pairing) -> dict[str, Any]:
    """The words that its people have now, and who has signed them."""
    newest = agreeing.latest(pairing)
    signed = {one.person_id: one for one in newest.signatures.all()} if newest else {}
    return {
        "cohort": pairing.cohort,
        "programme": pairing.cohort.programme,
        "agreement": sections(newest.text) if newest else [],
        "version": newest.version if newest else None,
        "signers": [(person, signed.get(person.pk)) for person in pairing.people()],
    }


def _pack(request: HttpRequest, context: dict[str, Any], base: str) -> HttpResponse:
    context |= {"base": base, "sheets": (TOGETHER, *SHEETS), "has_file": paper.is_possible()}
    return render(request, "pack/pack.html", context)


def _sheet(request: HttpRequest, slug: str, words: dict[str, Any], back: str) -> HttpResponse:
    """To read, and to print from the browser."""
    return render(request, "pack/sheets.html", words | _chosen(slug) | {"frame": "pack/screen.html", "back": back})


def _file(request: HttpRequest, slug: str, words: dict[str, Any], back: str) -> HttpResponse:
    size = request.GET.get("size", "a4")
    context = words | _chosen(slug) | {"frame": "pack/paper.html", "size": size if size in SIZES else "a4"}
    if not paper.is_possible():
        messages.info(request, _("No PDF files can be made here. Open the sheet, and print it from your browser."))
        return redirect(back)
    try:
        return paper.download("pack/sheets.html", context, request, f"{'pack' if slug == ALL else slug}.pdf")
    except typesetting.NotSet:
        messages.warning(request, paper.too_busy())
        return redirect(back)


def _chosen(slug: str) -> dict[str, Any]:
    if slug not in BY_SLUG:
        raise Http404
    return {"sheet": BY_SLUG[slug], "sheets": contents(slug)}
