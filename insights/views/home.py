from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from insights.home import home_for
from outbox.bounces import failure_of


def home(request: HttpRequest) -> HttpResponse:
    """A visitor reads what this is; everybody else sees their next step."""
    if not request.user.is_authenticated:
        return render(request, "insights/welcome.html")
    context = {"home": home_for(request.user, timezone.now()), "failure": failure_of(request.user)}
    return render(request, "insights/home.html", context)
