"""What is unsafe in production and only shows once the settings are read: ``manage.py check --deploy``."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.http.request import validate_host

NEAR = {"", "localhost", "127.0.0.1", "::1"}


@register(Tags.security, deploy=True)
def hosts_are_named(**kwargs: Any) -> list[CheckMessage]:
    if "*" in settings.ALLOWED_HOSTS:
        return [Error("BUDDYING_HOSTS lets any name in: list the names that people use.", id="buddying.E001")]
    host = urlsplit(settings.BASE_URL).hostname or ""
    if validate_host(host, settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            f"Links in mail lead to {host}, which BUDDYING_HOSTS does not name. "
            "Add it there, or correct BUDDYING_BASE_URL.",
            id="buddying.E002",
        )
    ]


@register(Tags.security, deploy=True)
def keys_are_random(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The key “{name}” in BUDDYING_CONTENT_KEYS is not random: make one with openssl rand -base64 32.",
            id="buddying.E003",
        )
        for name, key in settings.CONTENT_KEYS.items()
        if len(set(key)) < 16 or key.isascii()
    ]


@register(Tags.security, deploy=True)
def mail_is_encrypted(**kwargs: Any) -> list[CheckMessage]:
    if settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or settings.EMAIL_HOST in NEAR:
        return []
    return [
        Warning(
            "Codes to log in travel to the mail server in clear. "
            "Use smtps:// or smtp+starttls:// in BUDDYING_SMTP_URL.",
            id="buddying.W001",
        )
    ]


@register(Tags.security, deploy=True)
def servers_ask_for_a_password(**kwargs: Any) -> list[CheckMessage]:
    """On this machine or in its own network of containers a name without dots is near enough."""
    database, redis = settings.WEB_DATABASE, urlsplit(settings.REDIS_URL)
    found = (
        ("The address of the database", str(database["HOST"]), database["PASSWORD"], "buddying.W002"),
        ("REDIS_URL", redis.hostname or "", redis.password, "buddying.W003"),
    )
    return [
        Warning(f"{name} reaches another machine ({host}) without a password.", id=check)
        for name, host, password, check in found
        if not password and host not in NEAR and "." in str(host)
    ]


@register(Tags.security, deploy=True)
def the_mode_is_production(**kwargs: Any) -> list[CheckMessage]:
    if settings.PRODUCTION:
        return []
    return [Error(f"BUDDYING_MODE is “{settings.MODE}”: unset it in production.", id="buddying.E004")]


@register(Tags.security)
def calendars_are_fetched_from_public_servers(**kwargs: Any) -> list[CheckMessage]:
    if not (settings.PRODUCTION and settings.LOCAL_CALENDARS):
        return []
    return [
        Error(
            "BUDDYING_LOCAL_CALENDARS lets people make this server fetch from itself: it is for tests. Unset it.",
            id="buddying.E005",
        )
    ]


@register(Tags.security)
def leads_have_a_second_factor(**kwargs: Any) -> list[CheckMessage]:
    if not (settings.PRODUCTION and settings.SECOND_FACTOR != "required"):
        return []
    return [
        Error(
            "BUDDYING_SECOND_FACTOR lets leads and administrators in by a mailed code alone: "
            "that is for demos. Unset it.",
            id="buddying.E006",
        )
    ]
