from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from buddying.models import Organisation
from insights.home import home_for
from outbox.bounces import failure_of


def home(request: HttpRequest) -> HttpResponse:
    """A visitor reads what this is, unless the organisation would rather not; everybody else sees their next step."""
    if not request.user.is_authenticated:
        return _front_door(request)
    context = {"home": home_for(request.user, timezone.now()), "failure": failure_of(request.user)}
    return render(request, "insights/home.html", context)


def _front_door(request: HttpRequest) -> HttpResponse:
    if not Organisation.current().has_landing_page:
        return redirect(str(settings.LOGIN_URL))
    return render(request, "insights/landing.html")
