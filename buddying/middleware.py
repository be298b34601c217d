"""Small things that hold for every response."""

from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

Handler = Callable[[HttpRequest], HttpResponse]

NO_POWERS = ", ".join(
    f"{power}=()"
    for power in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "interest-cohort",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
)


def no_nulls(get_response: Handler) -> Handler:
    """Nobody types a null character into an address, and PostgreSQL stops at it: 400. Forms refuse it themselves."""

    def handle(request: HttpRequest) -> HttpResponse:
        if "\0" in unquote(request.get_full_path()):
            raise BadRequest("A null character in the address.")
        return get_response(request)

    return handle


def bounded_bodies(get_response: Handler) -> Handler:
    """Files count too: Django bounds what it reads into memory, not what it writes to the disk."""

    def handle(request: HttpRequest) -> HttpResponse:
        length = request.headers.get("Content-Length") or "0"
        if not (length.isdecimal() and int(length) <= settings.MOST_BYTES):
            return render(request, "413.html", {"megabytes": settings.MOST_BYTES // 1024**2}, status=413)
        return get_response(request)

    return handle


def no_blank_page(get_response: Handler) -> Handler:
    """Whoever pressed a button after their log-in had ended comes back to its address, and to nothing that opens."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and request.method == "GET" and "HX-Request" not in request.headers:
            response.content = render_to_string("405.html", request=request)
        return response

    return handle


def security_headers(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", NO_POWERS)
        response.headers.setdefault("X-Frame-Options", "DENY")  # static files pass Django's own by
        return response

    return handle


def no_cookies_in_public(get_response: Handler) -> Handler:
    """What caches on the way may keep for anybody carries nobody's log-in; the next page renews it."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if _is_public(response):
            response.cookies.clear()
        return response

    return handle


def no_log_in_taken_by_late_answers(get_response: Handler) -> Handler:
    """A script's request that left before a log-in in another tab is answered after it: the new cookie stays."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie and not cookie.value and request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response

    return handle


def _is_public(response: HttpResponse) -> bool:
    return response.headers.get("Cache-Control", "").startswith("public")


def readers_language(get_response: Handler) -> Handler:
    """A person reads in the language they chose; a visitor in what they chose here, else in their browser's."""

    def handle(request: HttpRequest) -> HttpResponse:
        reader = request.user
        language = reader.language if reader.is_authenticated else translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not reader.is_authenticated:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return handle


def readers_zone(get_response: Handler) -> Handler:
    """Times are shown in the reader's own zone."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        with timezone.override(request.user.zone):
            return get_response(request)

    return handle


def no_login_page_in_a_page(get_response: Handler) -> Handler:
    """A script that asks for a piece of a page after the log-in has expired is told so, and given no other page."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        asked_by_script = "HX-Request" in request.headers and not request.user.is_authenticated
        if asked_by_script and response.headers.get("Location", "").startswith(str(settings.LOGIN_URL)):
            return HttpResponse(status=401)
        return response

    return handle


def never_stored(get_response: Handler) -> Handler:
    """Personal pages are kept in no cache: not in the browser's, nor on the way. What says that it is public stays."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not _is_public(response):
            response.headers["Cache-Control"] = "no-store"
        return response

    return handle
