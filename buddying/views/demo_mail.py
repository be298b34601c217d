"""The demo's mailbox: what the product sent, so that anybody can try log-in by code. Only in demo mode."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True)
class Mail:
    name: str
    to: str
    subject: str
    sent_at: datetime
    text: str
    has_calendar: bool


def inbox(request: HttpRequest) -> HttpResponse:
    files = sorted(Path(settings.MAIL_FOLDER).glob("*.eml"), reverse=True)
    wanted = request.GET.get("to", "").strip().lower()
    mails = [mail for mail in map(_read, files[:500]) if not wanted or wanted in mail.to.lower()]
    page = Paginator(mails, 25).get_page(request.GET.get("page"))
    return render(request, "buddying/demo_inbox.html", {"mails": page, "wanted": wanted})


def mail(request: HttpRequest, name: str) -> HttpResponse:
    path = Path(settings.MAIL_FOLDER) / f"{name}.eml"
    if not path.is_file():
        raise Http404
    return render(request, "buddying/demo_mail.html", {"mail": _read(path)})


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain",))
    return Mail(
        name=path.stem,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=parsedate_to_datetime(str(message["Date"])),
        text=body.get_content() if body else "",
        has_calendar=any(part.get_content_type() == "text/calendar" for part in message.walk()),
    )
