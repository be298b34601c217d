from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from buddying.models import Organisation
from buddying.navigation import links_for


def organisation(request: HttpRequest) -> dict[str, Any]:
    return {"organisation": SimpleLazyObject(Organisation.current)}


def navigation(request: HttpRequest) -> dict[str, Any]:
    return {"nav": SimpleLazyObject(lambda: links_for(request))}
