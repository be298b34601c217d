"""Addresses for programs: they bring a secret, and without one set here the address does not exist."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils.crypto import constant_time_compare


def admit(request: HttpRequest, secret: str) -> None:
    """Raises Http404 for whoever does not bring it: what does not exist cannot be tried out."""
    scheme, _, brought = request.headers.get("Authorization", "").partition(" ")
    if not secret or scheme.lower() != "bearer" or not constant_time_compare(brought.strip(), secret):
        raise Http404
