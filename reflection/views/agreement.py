from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from buddying.reader import reader
from matching.models import Pairing
from reflection import agreeing
from reflection.forms import AgreementForm
from reflection.models import Agreement

ENDED = "This pairing has ended: its agreement can be read, and no longer changed."


@login_required
@require_http_methods(["GET", "POST"])
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it, and change its words; changed words are signed again."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user), pk=pk)
    newest = agreeing.latest(pairing)
    form = AgreementForm(request.POST or None, initial={"text": newest.text if newest else ""})
    if request.method == "POST" and pairing.closed_at is None and form.is_valid():
        _rewrite(request, pairing, form.cleaned_data["text"])
        return redirect("reflection:agreement", pk)
    editing = bool(form.errors) or "change" in request.GET
    status = 422 if form.errors else 200
    context = _context(request, pairing, newest) | {"form": form, "editing": editing}
    return render(request, "reflection/agreement.html", context, status=status)


def _rewrite(request: HttpRequest, pairing: Pairing, text: str) -> None:
    try:
        agreeing.rewrite(pairing, text, by=reader(request))
        messages.success(request, "The new words are saved. Each of you signs them now.")
    except agreeing.Over:
        messages.warning(request, ENDED)


def _context(request: HttpRequest, pairing: Pairing, newest: Agreement | None) -> dict[str, object]:
    signed = {signature.person_id: signature for signature in newest.signatures.all()} if newest else {}
    return {
        "pairing": pairing,
        "agreement": newest,
        "sections": agreeing.sections(newest.text) if newest else [],
        "buddies": pairing.buddies_of(request.user),
        "signers": [(person, signed.get(person.pk)) for person in pairing.people()],
        "i_signed": request.user.pk in signed,
        "in_force": agreeing.in_force(pairing),
        "earlier": agreeing.earlier_version(pairing, reader(request)),
    }


@login_required
@require_POST
def signature(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the words that were read: the form says which version, and when it was written."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user), pk=pk, closed_at=None)
    read = pairing.agreements.filter(version=_number(request.POST.get("version", ""))).first()
    read_at = _instant(request.POST.get("read_at", ""))
    try:
        agreeing.sign(pairing, read, by=reader(request), read_at=read_at)
    except agreeing.Outdated:
        messages.warning(request, "The words have changed since you opened the page. Please read them again.")
        return redirect("reflection:agreement", pk)
    except agreeing.Over:
        messages.warning(request, ENDED)
        return redirect("reflection:agreement", pk)
    messages.success(request, "You have signed.")
    return redirect("reflection:agreement", pk)


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 6 else 0


def _instant(typed: str) -> datetime | None:
    try:
        return parse_datetime(typed)
    except ValueError:
        return None
