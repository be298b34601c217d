"""Sessions in a person's own calendar: what they are called there, and a feed at a secret address."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buddying.reader import reader
from outbox.hours import language_of
from sessions_log import feeds
from sessions_log.forms.calendars import TitlesForm
from sessions_log.own_calendars import OwnCalendar

MOST_A_MINUTE = 20


@login_required
@require_http_methods(["GET", "POST"])
def my_calendar(request: HttpRequest) -> HttpResponse:
    own = _own(request)
    form = TitlesForm(request.POST or None, initial={"titles": own.titles})
    if form.is_valid():
        own.choose_titles(form.cleaned_data["titles"])
        messages.success(request, _("Saved. It holds for the feed, and for what is sent to you from now on."))
        return redirect("sessions_log:my_calendar")
    return _page(request, own, form)


@login_required
@require_http_methods(["GET", "POST"])
def new_address(request: HttpRequest) -> HttpResponse:
    """Answers with the page itself: the address is shown this once, and rests nowhere on the way to another page."""
    own = _own(request)
    if own.has_feed and "confirmed" not in request.POST:
        stops = _("The old address stops working at once, wherever you use it.")
        return _ask(request, _("Make a new address?"), stops, _("Make a new address"))
    if request.method == "GET":
        return redirect("sessions_log:my_calendar")
    secret = own.make_address()
    address = settings.BASE_URL + reverse("sessions_log:feed", args=[secret])
    return _page(request, own, TitlesForm(initial={"titles": own.titles}), address)


@login_required
@require_http_methods(["GET", "POST"])
def remove_address(request: HttpRequest) -> HttpResponse:
    if "confirmed" not in request.POST:
        stops = _("Its address stops working at once, wherever you use it.")
        return _ask(request, _("Remove your feed?"), stops, _("Remove the feed"))
    _own(request).remove_address()
    messages.success(request, _("Removed. The address leads nowhere any more."))
    return redirect("sessions_log:my_calendar")


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Whoever has the address reads it; nobody logs in. A wrong one and one of the past are the same 404."""
    own = OwnCalendar.objects.at_address(secret)
    if own is None:
        raise Http404
    if _asks_too_often(own):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    found = feeds.feed_of(own)
    whole = HttpResponse(found.content, content_type="text/calendar; charset=utf-8")
    answer = get_conditional_response(request, found.etag, int(found.changed_at.timestamp()), whole) or whole
    for name, value in _headers(own, found).items():
        answer.headers[name] = value
    return answer


def _asks_too_often(own: OwnCalendar) -> bool:
    """Counted for each feed that there is: guessing addresses neither helps anybody nor fills the cache."""
    key = f"calendar_feed:{own.pk}:{timezone.now():%H%M}"  # by the minute: counting on keeps a key alive
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # the minute ended in between
        return False


def _headers(own: OwnCalendar, found: feeds.Feed) -> dict[str, str]:
    return {
        "Content-Language": language_of(own.person),
        "ETag": found.etag,
        "Last-Modified": http_date(found.changed_at.timestamp()),
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
        "Content-Disposition": 'inline; filename="buddying.ics"',
    }


def _own(request: HttpRequest) -> OwnCalendar:
    return OwnCalendar.objects.visible_to(request.user).of(reader(request))


def _ask(request: HttpRequest, title: str, text: str, action: str) -> HttpResponse:
    """For those whom no dialog has asked."""
    return render(request, "sessions_log/feed_question.html", {"title": title, "text": text, "action": action})


def _page(request: HttpRequest, own: OwnCalendar, form: TitlesForm, address: str = "") -> HttpResponse:
    come_back = bool(settings.MAILBOX or settings.INCOMING_SECRET)
    context = {"own": own, "form": form, "address": address, "answers_come_back": come_back}
    return render(request, "sessions_log/my_calendar.html", context, status=422 if form.errors else 200)
