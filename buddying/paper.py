"""A sheet as PDF, set from the same templates as the screens.

It needs libraries of the system (Pango). Where they are missing the product runs all the same, and pages offer the
browser's own print window in place of a file.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from buddying import colours, typesetting
from buddying.models import Organisation


@cache
def is_possible() -> bool:
    """The import is slow and costs memory, so it waits for the first sheet."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def too_busy() -> str:
    return _("The file could not be made just now. Try again in a minute, or print the page from your browser.")


def download(template: str, context: dict[str, Any], request: HttpRequest, name: str) -> HttpResponse:
    """Raises ``typesetting.NotSet``."""
    return HttpResponse(
        typesetting.set_apart(render_to_string(template, context | look(), request)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def look() -> dict[str, str]:
    """The organisation's, as a sheet needs it that is set without a database."""
    return {"accent": colours.shades(Organisation.current().accent_hue)["accent"], "logo": _logo()}


def _logo() -> str:
    picture = Organisation.objects.values_list("logo", flat=True).filter(pk=1).first()
    return typesetting.PICTURE + b64encode(picture).decode() if picture else ""
