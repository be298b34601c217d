from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from buddying.models import Organisation
from buddying.navigation import help_for, links_for


def organisation(request: HttpRequest) -> dict[str, Any]:
    return {
        "organisation": SimpleLazyObject(Organisation.current),
        "is_demo": settings.MODE == "demo",
        "sso_name": settings.SSO_NAME,
    }


def navigation(request: HttpRequest) -> dict[str, Any]:
    return {"nav": SimpleLazyObject(lambda: links_for(request)), "help_with_this": help_for(request)}
