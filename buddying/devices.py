"""The browsers that somebody is logged in with: what each is called, how long it lasts, how it is ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from buddying.models import BrowserSession, Person
from buddying.sessions import DEVICE, kept_as

A_LOOK = timedelta(minutes=15)  # no row is written more often to say that somebody is still there


class Lasting:
    """How long a log-in lasts without a visit, and how long at most."""

    def __init__(self, idle: timedelta, at_most: timedelta):
        self.idle, self.at_most = idle, at_most


TAKING_PART = Lasting(timedelta(days=30), timedelta(days=90))
WITH_A_ROLE = Lasting(timedelta(hours=12), timedelta(days=7))


def lasting(person: Any) -> Lasting:
    return WITH_A_ROLE if person.can_create_programmes or person.leads_any_programme else TAKING_PART


def note_log_in(request: HttpRequest, person: Person, at: datetime | None = None) -> None:
    now, lasts = at or timezone.now(), lasting(person)
    request.session[DEVICE] = {
        "began": now.isoformat(),
        "seen": now.isoformat(),
        "until": (now + lasts.at_most).isoformat(),
        "browser": describe(request.headers.get("User-Agent", "")),
    }
    request.session.set_expiry(int(lasts.idle.total_seconds()))


def kept_in_view(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: notes now and then that a browser is still in use, and ends what has lasted long enough."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and (device := request.session.get(DEVICE)):
            _look_at(request, device, timezone.now())
        return get_response(request)

    return handle


def _look_at(request: HttpRequest, device: dict[str, str], now: datetime) -> None:
    if now >= datetime.fromisoformat(device["until"]):
        logout(request)
    elif now - datetime.fromisoformat(device["seen"]) >= A_LOOK:
        request.session[DEVICE] = device | {"seen": now.isoformat()}


def in_use(request: HttpRequest, at: datetime | None = None) -> list[BrowserSession]:
    """The reader's own, this one first; each knows whether it ``is_this_one``."""
    mine = BrowserSession.objects.visible_to(request.user).filter(expire_date__gt=at or timezone.now())
    found = list(mine.defer("session_data"))
    for each in found:
        each.is_this_one = each.session_key == _this_one(request)
    return sorted(found, key=lambda each: not each.is_this_one)


def end(request: HttpRequest, key: str) -> bool:
    """Of the reader's own; whether there was one."""
    return bool(BrowserSession.objects.visible_to(request.user).filter(session_key=key).delete()[0])


def end_others(request: HttpRequest) -> int:
    mine = BrowserSession.objects.visible_to(request.user)
    return int(mine.exclude(session_key=_this_one(request)).delete()[0])


def end_all_of_the_erased() -> None:
    """For the sweeper: what was written at the moment of it."""
    BrowserSession.objects.filter(person__erased_at__isnull=False).delete()


def end_all_of(person: Person) -> None:
    BrowserSession.objects.filter(person=person).delete()


def _this_one(request: HttpRequest) -> str:
    return kept_as(request.session.session_key or "")


# In this order: a browser names itself and those it wants to be taken for.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", _("%(browser)s on an iPhone")),
    ("iPad", _("%(browser)s on an iPad")),
    ("Android", _("%(browser)s on Android")),
    ("Windows", _("%(browser)s on Windows")),
    ("CrOS", _("%(browser)s on a Chromebook")),
    ("Macintosh", _("%(browser)s on a Mac")),
    ("Linux", _("%(browser)s on Linux")),
)


def describe(user_agent: str) -> str:
    """“Firefox on Windows”: enough to know one's own again, and no more is kept."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), gettext("A browser"))
    on_its_system = next((words for mark, words in SYSTEMS if mark in user_agent), None)
    return on_its_system % {"browser": browser} if on_its_system else browser
