from urllib.parse import urlencode

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods


@login_required
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """Says why, then sends to the ordinary log-in, which leads back."""
    wanted = request.GET.get("next", "")
    onward = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else reverse("insights:home")
    if request.method == "GET":
        return render(request, "buddying/again.html", {"onward": onward})
    logout(request)
    return redirect(f"{reverse('account_request_login_code')}?{urlencode({'next': onward})}")
