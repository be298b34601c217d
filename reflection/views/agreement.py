from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddying import unsent
from buddying.reader import reader
from matching.models import Pairing
from reflection import agreeing
from reflection.differences import changes
from reflection.forms import SectionsForm, WholeTextForm
from reflection.models import Agreement, Signature
from reflection.sections import sections, to_edit

ENDED = _("This pairing has ended: its agreement can be read, and no longer changed.")
CHANGED = _(
    "Somebody changed the words since you began. Theirs stand below yours. Save again to put yours in their place."
)


@login_required
@require_http_methods(["GET", "POST"])
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it, and change its words; changed words are signed again."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).select_related("cohort__programme"), pk=pk)
    newest = agreeing.latest(pairing)
    form = _form(request, pairing, newest)
    if request.method == "POST" and pairing.closed_at is None and form.is_valid():
        if done := _rewrite(request, pairing, form):
            return done
        newest = agreeing.latest(pairing)
        form.begin_again_from(newest)
    editing = bool(form.errors) or "change" in request.GET
    context = _context(request, pairing, newest) | {"form": form, "editing": editing and not pairing.closed_at}
    return render(request, "reflection/agreement.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, pairing: Pairing, newest: Agreement | None) -> SectionsForm | WholeTextForm:
    text = newest.text if newest else ""
    began = {"began_from": newest.written_at.isoformat() if newest else ""}
    data = request.POST if request.method == "POST" else None
    if (data is not None and "words-0" not in data) or request.GET.get("change") == "text":
        return WholeTextForm(data, initial={"text": text} | began)
    suggested = agreeing.suggested(pairing, beside=text)
    return SectionsForm(data, parts=to_edit(text, suggested), suggested=dict(suggested), initial=began)


def _rewrite(request: HttpRequest, pairing: Pairing, form: SectionsForm | WholeTextForm) -> HttpResponse | None:
    """None where the words had been changed by somebody else."""
    try:
        agreeing.rewrite(pairing, form.whole_text, reader(request), began_from=form.cleaned_data["began_from"])
        unsent.forget(reader(request), "agreement", pairing.pk)
        messages.success(request, _("The new words are saved. Each of you signs them now."))
    except agreeing.Over:
        messages.warning(request, ENDED)
    except agreeing.Changed:
        form.add_error(None, CHANGED)
        return None
    return redirect("reflection:agreement", pairing.pk)


def _context(request: HttpRequest, pairing: Pairing, newest: Agreement | None) -> dict[str, Any]:
    me = reader(request)
    signed = {signature.person_id: signature for signature in newest.signatures.all()} if newest else {}
    before = agreeing.held_before(newest, me) if newest else None
    return {
        "pairing": pairing,
        "agreement": newest,
        "sections": sections(newest.text) if newest else [],
        "buddies": pairing.buddies_of(me),
        "signers": [(person, signed.get(person.pk)) for person in pairing.people()],
        "i_signed": me.pk in signed,
        "in_force": agreeing.in_force(pairing),
        "before": before,
        "changes": changes(before.text, newest.text) if before and newest else [],
        "contacts": pairing.cohort.programme.where_to_turn(),
        "earlier": [one for one in agreeing.versions(pairing, me) if one != newest],
    }


@login_required
@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An earlier version as it was, and what it changed."""
    me = reader(request)
    pairing = get_object_or_404(Pairing.objects.visible_to(me), pk=pk)
    found = next((one for one in agreeing.versions(pairing, me) if one.version == number), None)
    if found is None:
        raise Http404
    before = agreeing.held_before(found, me)
    context = {
        "pairing": pairing,
        "agreement": found,
        "sections": sections(found.text),
        "before": before,
        "changes": changes(before.text, found.text) if before else [],
        "signed": [_signed(one) for one in found.signatures.all()],
    }
    return render(request, "reflection/agreement_version.html", context)


def _signed(signature: Signature) -> str:
    day = date_format(timezone.localtime(signature.signed_at), "MONTH_DAY_FORMAT")
    return _("%(name)s on %(day)s") % {"name": signature.person.name, "day": day}


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
        messages.warning(request, _("The words have changed since you opened the page. Please read them again."))
        return redirect("reflection:agreement", pk)
    except agreeing.Over:
        messages.warning(request, ENDED)
        return redirect("reflection:agreement", pk)
    messages.success(request, _("You have signed."))
    return redirect("reflection:agreement", pk)


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 6 else 0


def _instant(typed: str) -> datetime | None:
    try:
        return parse_datetime(typed)
    except ValueError:
        return None
