"""The lead's page of invitations and the join link."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from buddying import inviting, limits
from buddying.forms.people import InvitationsForm
from buddying.models import Cohort, Invitation
from buddying.people import with_addresses
from buddying.words import people
from trust.acting import without_content
from trust.trail import note_look

A_PAGE = 50
NOT_NOW = {
    inviting.TODAY: gettext_lazy("Not sent to %(addresses)s: the last invitation is less than a day old."),
    inviting.OFTEN: gettext_lazy(
        "Not sent to %(addresses)s: invited often enough without an answer. Perhaps a word in person?"
    ),
}
NAMED = 5


def _cohort(request: HttpRequest, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.led_by(request.user).select_related("programme"), pk=pk)


def _invitation(request: HttpRequest, pk: int, invitation_pk: int) -> Invitation:
    seen: QuerySet[Invitation] = Invitation.objects.visible_to(request.user).select_related("cohort")
    return get_object_or_404(seen, pk=invitation_pk, cohort=pk)


@login_required
@require_http_methods(["GET", "POST"])
@without_content
def invitations(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = _cohort(request, pk)
    form = InvitationsForm(request.POST or None)
    if request.method == "POST" and _still_open(request, cohort) and form.is_valid():
        if not limits.allows(request, "invite", user=request.user):
            return limits.too_many(request)
        _say(request, inviting.invite(cohort, form.cleaned_data["addresses"], by=request.user))
        return redirect("buddying:invitations", pk)
    sent = Invitation.objects.newest().filter(cohort=cohort).visible_to(request.user)
    page = Paginator(sent.order_by("-invited_at", "email"), A_PAGE).get_page(request.GET.get("page"))
    note_look(
        request.user,
        with_addresses(each.email for each in page),
        gettext_noop("looked at the invitations to %(cohort)s"),
        cohort=cohort,
    )
    waits = inviting.held_back(cohort, [each.email.lower() for each in page])
    context = {
        "cohort": cohort,
        "form": form,
        "sent": [(each, waits.get(each.email.lower())) for each in page],
        "page": page,
        "link": settings.BASE_URL + reverse("buddying:join_cohort", args=[cohort.join_token]),
        "listed": len(inviting.listed_to_invite(cohort)),
    }
    return render(request, "buddying/invitations.html", context, status=422 if form.errors else 200)


def _still_open(request: HttpRequest, cohort: Cohort) -> bool:
    if cohort.has_ended():
        messages.error(request, _("Nothing was sent: this cohort has ended."))
    return not cohort.has_ended()


def _say(request: HttpRequest, outcome: inviting.Outcome) -> None:
    if outcome.invited:
        number = people(len(outcome.invited))
        sentence = _("Invited: %(people)s. Mail goes out, except to anyone who has had too many invitations lately.")
        messages.success(request, sentence % {"people": number})
    for left_out, sentence in (
        (outcome.taking_part, _("Left out, taking part already: %(addresses)s.")),
        (outcome.already_invited, _("Left out, already invited, and the invitation is open: %(addresses)s.")),
        (outcome.account_closed, _("Left out, account closed: %(addresses)s.")),
    ):
        if left_out:
            messages.info(request, sentence % {"addresses": _some(left_out)})
    for left_out, why in ((outcome.today, inviting.TODAY), (outcome.often, inviting.OFTEN)):
        if left_out:
            messages.info(request, NOT_NOW[why] % {"addresses": _some(left_out)})


def _some(addresses: list[str]) -> str:
    more, named = len(addresses) - NAMED, ", ".join(addresses[:NAMED])
    if more <= 0:
        return named
    return ngettext("%(named)s and %(count)d more", "%(named)s and %(count)d more", more) % {
        "named": named,
        "count": more,
    }


@login_required
@require_POST
def invite_listed(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = _cohort(request, pk)
    if not limits.allows(request, "invite", user=request.user):
        return limits.too_many(request)
    if _still_open(request, cohort):
        _say(request, inviting.invite(cohort, inviting.listed_to_invite(cohort), by=request.user))
    return redirect("buddying:invitations", pk)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitation = _invitation(request, pk, invitation_pk)
    invitation.revoke()
    messages.success(request, _("The invitation to %(address)s no longer works.") % {"address": invitation.email})
    return redirect("buddying:invitations", pk)


@login_required
@require_POST
def renew(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitation = _invitation(request, pk, invitation_pk)
    if _still_open(request, invitation.cohort):
        if why := inviting.invite_again(invitation, by=request.user):
            messages.info(request, NOT_NOW[why] % {"addresses": invitation.email})
        else:
            sentence = _("Invited again: %(address)s. Mail goes out, unless too many invitations went there lately.")
            messages.success(request, sentence % {"address": invitation.email})
    return redirect("buddying:invitations", pk)


@login_required
@require_http_methods(["GET", "POST"])
def join_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Renew or close the link; asked for once more where no dialog has asked."""
    cohort = _cohort(request, pk)
    closing = (request.POST or request.GET).get("action") == "close"
    if request.method == "GET" or "confirmed" not in request.POST:
        return render(request, "buddying/join_link.html", {"cohort": cohort, "closing": closing})
    if closing:
        cohort.close_join_link()
        messages.success(request, _("The join link is closed."))
    else:
        cohort.renew_join_link()
        messages.success(request, _("There is a new join link. The old one no longer works."))
    return redirect("buddying:invitations", pk)
