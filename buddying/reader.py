from typing import cast

from django.http import HttpRequest

from buddying.models import Person


def reader(request: HttpRequest) -> Person:
    """Who reads the page, behind ``login_required``."""
    return cast(Person, request.user)
