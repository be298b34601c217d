"""What this app writes to people."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from buddying import colours
from buddying.models import Invitation, Organisation, Person
from buddying.nudge import nudge
from outbox import kinds, posting, tasks
from outbox.groups import ACCESS
from outbox.hours import language_of
from outbox.kinds import Calendar, Kind, Letter, letter
from outbox.lanes import Lane
from outbox.models import Message
from outbox.models.states import UNFINISHED
from trust.keys import seal, unseal

CODE_LASTS = timedelta(minutes=10)


def dress() -> dict[str, str]:
    """Every letter carries the organisation's name and accent."""
    ours = Organisation.current()
    return {"name": "" if ours._state.adding else ours.name, **colours.shades(ours.accent_hue)}


def register_kinds() -> None:
    from buddying import previews, retention

    kinds.register(
        Kind(
            "account",
            _("A code to log in"),
            account,
            group=ACCESS,
            lane=Lane.URGENT,
            when=_("When somebody asks for a code; it works for ten minutes."),
            preview=previews.account,
        )
    )
    kinds.register(
        Kind(
            "log_in_changed",
            _("The way you log in has changed"),
            log_in_changed,
            group=ACCESS,
            lane=Lane.URGENT,
            when=_("When a passkey, an app for codes or recovery codes are added or taken away."),
            preview=previews.log_in_changed,
        )
    )
    kinds.register(
        Kind(
            "invitation",
            _("An invitation to a cohort"),
            invitation,
            group=ACCESS,
            lane=Lane.TIMELY,
            when=_("When you invite somebody."),
            preview=previews.invitation,
        )
    )
    kinds.register(_farewells())
    kinds.register(
        Kind(
            "content_ends",
            _("What you wrote will be erased"),
            retention.content_ends,
            when=_("Two weeks before what people wrote in the cohort is erased, to everybody who took part."),
            preview=previews.content_ends,
        )
    )


ERASED = "account_erased"
FAREWELL_LASTS = timedelta(days=7)


def _farewells() -> Kind:
    from buddying import previews

    return Kind(
        ERASED,
        _("The last mails of an account"),
        last_letter,
        group=ACCESS,
        lane=Lane.TIMELY,
        when=_(
            "When somebody erases their account; and for each session in their calendar that ends with an account, "
            "erased or closed."
        ),
        preview=previews.account_erased,
    )


def post_last_letter(written: Letter, person: Person, occasion: str) -> None:
    """Written while names are still there, sealed until sent; then the address goes, too (``forget_addresses``)."""
    key = f"{ERASED}:{person.pk}:{occasion}"
    content = asdict(written) | {"calendar": _as_text(written.calendar)}
    params = {"sealed": seal(json.dumps(content), key), "person": person.pk}
    expires_at = timezone.now() + FAREWELL_LASTS
    posting.post(ERASED, key=key, address=person.email, expires_at=expires_at, params=params)


def _as_text(calendar: Calendar | None) -> dict[str, str] | None:
    return {"method": calendar.method, "content": calendar.content.decode()} if calendar else None


def last_letter(message: Message) -> Letter:
    content = json.loads(unseal(message.params["sealed"], message.key))
    if found := content["calendar"]:
        content["calendar"] = Calendar(found["method"], found["content"].encode())
    return Letter(**content)


def forget_addresses() -> None:
    """For the reconciler: once a last letter is sent, or cannot be, nobody needs to know where it went."""
    ended = Message.objects.filter(kind=ERASED, recipient=None).exclude(UNFINISHED)
    for message in ended:
        Message.objects.filter(pk=message.pk).update(recipient_id=message.params["person"], address="", params={})


def post_log_in_changed(person: Any, change: str) -> None:
    """``change`` is a sentence of ours that the catalogues know."""
    posting.post("log_in_changed", key=f"log_in_changed:{uuid.uuid4()}", to=person, params={"change": change})
    nudge(tasks.drain)


def log_in_changed(message: Message) -> Letter:
    context = {
        "change": gettext(message.params["change"]),
        "at": timezone.localtime(message.created_at, message.recipient.zone),  # type: ignore[union-attr]
        "organisation": Organisation.current(),
        "action_url": settings.BASE_URL + reverse("mfa_index"),
        "action_label": _("See how you log in"),
    }
    return letter("log_in_changed", context)


def post_account_letter(name: str, address: str, context: dict[str, Any]) -> None:
    """Mail that opens a door: written now, kept sealed until it is sent, sent at once or not at all."""
    context = context | {"address": address, "organisation": Organisation.current()}
    written = letter(f"account/{name}", context)
    key = f"account:{uuid.uuid4()}"
    params = {"sealed": seal(json.dumps(asdict(written)), key)}
    posting.post("account", key=key, address=address, expires_at=timezone.now() + CODE_LASTS, params=params)
    nudge(tasks.drain)


def account(message: Message) -> Letter:
    return Letter(**json.loads(unseal(message.params["sealed"], message.key)))


def post_invitations(invitations: Iterable[Invitation]) -> None:
    posting.post_many(
        posting.Draft(
            "invitation",
            key=f"invitation:{invitation.pk}",
            address=invitation.email,
            expires_at=invitation.expires_at,
            about_id=invitation.pk,
            cohort_id=invitation.cohort_id,
        )
        for invitation in invitations
    )
    nudge(tasks.drain)


def invitation(message: Message) -> Letter | None:
    """None once it is accepted, revoked or expired, or nobody can join any more."""
    found = Invitation.objects.open().filter(pk=message.about_id)
    invitation = found.select_related("cohort__programme", "invited_by").first()
    if invitation is None or invitation.cohort.has_ended():
        return None
    context = {
        "invitation": invitation,
        "cohort": invitation.cohort,
        "programme": invitation.cohort.programme,
        "organisation": Organisation.current(),
        "until": timezone.localtime(invitation.expires_at, invitation.cohort.zone),
        "action_url": settings.BASE_URL + reverse("buddying:invitation", args=[invitation.token]),
        "action_label": _("See the invitation"),
    }
    known = Person.objects.with_address(invitation.email).first()
    with translation.override(language_of(known)):
        return letter("invitation", context)
