"""A sheet as PDF, set from the same templates as the screens.

It needs libraries of the system (Pango). Where they are missing the product runs all the same, and pages offer the
browser's own print window in place of a file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from buddying import colours
from buddying.models import Organisation

KINDS = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
FILES = Path(settings.BASE_DIR) / "static"
LOGO = FILES / "organisation" / "logo.webp"  # lies in the database; sheets know it by this name


class NotOurs(ValueError):
    """A sheet loads nothing but our own files."""


@cache
def is_possible() -> bool:
    """The import is slow and costs memory, so it waits for the first sheet."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def typeset(template: str, context: dict[str, Any], request: HttpRequest) -> bytes:
    """Tagged, so that screen readers can read it."""
    from weasyprint import HTML

    look = {"accent": colours.shades(Organisation.current().accent_hue)["accent"]}
    source = render_to_string(template, context | look, request)
    sheet = HTML(string=source, base_url=f"{FILES.as_uri()}/", url_fetcher=our_files)
    return bytes(sheet.write_pdf(pdf_variant="pdf/ua-1"))


def our_files(url: str, *args: Any, **options: Any) -> Any:
    from weasyprint.urls import URLFetcherResponse

    asked = urlsplit(url)
    path = Path(unquote(asked.path)).resolve()
    if asked.scheme == "file" and path == LOGO.resolve():
        return URLFetcherResponse(url, _logo(), {"Content-Type": "image/webp"})
    if asked.scheme != "file" or FILES.resolve() not in path.parents:
        raise NotOurs(url)
    return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": KINDS[path.suffix]})


def _logo() -> bytes:
    return bytes(Organisation.objects.values_list("logo", flat=True).get(pk=1) or b"")


def download(template: str, context: dict[str, Any], request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(
        typeset(template, context, request),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
