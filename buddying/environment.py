"""Reading settings from the environment: each helper raises a sentence that says what to set."""

import base64
import binascii
import os
import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example for what it should hold.")
    return default


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{name} is “{value}”; it must be one of: {', '.join(options)}.")
    return value


def zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ImproperlyConfigured(
            f"{name} is “{value}”, which is no time zone. Use a name such as Europe/London."
        ) from None
    return value


def hosts(name: str) -> list[str]:
    return [host.strip() for host in text(name).split(",") if host.strip()]


def database(name: str) -> dict[str, object]:
    """Django's settings for the PostgreSQL at ``postgresql://user:password@host:port/database``."""
    url = urlsplit(text(name))
    if url.scheme not in ("postgresql", "postgres") or len(url.path) < 2:
        raise ImproperlyConfigured(
            f"{name} must look like postgresql://user:password@host:5432/database: PostgreSQL is the only database."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path[1:]),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or "") or parse_qs(url.query).get("host", [""])[0],
        "PORT": str(url.port or ""),
    }


def web_database(owner: str, web: str, role: str) -> dict[str, object]:
    """As the web role: by a login of its own, or by the owner's, who then puts their own rights aside."""
    return _connection(database(web if text(web, "") else owner), f"-c role={role}")


def owner_database(owner: str, web: str) -> dict[str, object] | None:
    """None in a process that was told only how to be the web role."""
    if text(web, "") and not text(owner, ""):
        return None
    return _connection(database(owner), "-c buddying.purpose=upkeep")


def _connection(url: dict[str, object], option: str) -> dict[str, object]:
    options = {"connect_timeout": 5, "options": f"-c lock_timeout=5000 {option}"}
    return url | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def roles(name: str, default: str) -> tuple[str, str]:
    """Of the web and of the dashboards. They belong to the whole server, so two products on one need two names."""
    prefix = text(name, default)
    if not re.fullmatch("[a-z][a-z0-9_]{0,40}", prefix):
        raise ImproperlyConfigured(f"{name} is “{prefix}”: use small letters, digits and _ only.")
    return f"{prefix}_web", f"{prefix}_dashboard"


def smtp(name: str, default: str | None = None) -> dict[str, object]:
    """Host, port, user, password and encryption from ``smtp://``, ``smtp+starttls://`` or ``smtps://``."""
    url = urlsplit(text(name, default))
    if url.scheme not in ("smtp", "smtp+starttls", "smtps") or not url.hostname:
        raise ImproperlyConfigured(
            f"{name} must look like smtps://user:password@mail.example.org:465 (or smtp+starttls://…:587)."
        )
    return {
        "host": url.hostname,
        "port": url.port or {"smtp": 25, "smtp+starttls": 587, "smtps": 465}[url.scheme],
        "user": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "tls": url.scheme == "smtp+starttls",
        "ssl": url.scheme == "smtps",
    }


def imap(name: str) -> dict[str, Any] | None:
    """Where a mailbox is, from ``imaps://`` or ``imap+starttls://``; None where there is none."""
    if not (value := text(name, "")):
        return None
    url = urlsplit(value)
    if url.scheme not in ("imap+starttls", "imaps") or not (url.hostname and url.username and url.password):
        raise ImproperlyConfigured(
            f"{name} must look like imaps://user:password@mail.example.org/INBOX (or imap+starttls://…:143/INBOX)."
        )
    return {
        "host": url.hostname,
        "port": url.port or {"imap+starttls": 143, "imaps": 993}[url.scheme],
        "user": unquote(url.username),
        "password": unquote(url.password),
        "folder": unquote(url.path[1:]) or "INBOX",
        "starttls": url.scheme == "imap+starttls",
    }


def secret(name: str) -> str:
    """Empty where it is not set; a short one is an error."""
    value = text(name, "")
    if value and len(value) < 32:
        raise ImproperlyConfigured(f"{name} is too short. Make one with: openssl rand -hex 32")
    return value


def single_sign_on(*, https: bool) -> dict[str, Any] | None:
    """The organisation's OpenID Connect provider, as allauth wants it; None where none is named.

    The issuer is part of the provider's name: a subject of another issuer is somebody else.
    """
    if not (issuer := text("BUDDYING_OIDC_ISSUER", "").rstrip("/")):
        return None
    if not issuer.startswith("https://") and (https or not issuer.startswith("http://")):
        raise ImproperlyConfigured("BUDDYING_OIDC_ISSUER must start with https://.")
    return {
        "provider_id": "sso-" + re.sub(r"[^a-z0-9]+", "-", issuer.partition("://")[2].lower()),
        "name": text("BUDDYING_OIDC_NAME", "your organisation’s log-in"),
        "client_id": text("BUDDYING_OIDC_CLIENT_ID"),
        "secret": text("BUDDYING_OIDC_CLIENT_SECRET"),
        "settings": {"server_url": issuer},
    }


def keyring(name: str) -> dict[str, bytes]:
    """``name:base64key,…`` as a dictionary; the first key encrypts, the others only decrypt."""
    keys = {}
    for entry in text(name).split(","):
        label, _, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not label or len(key) != 32:
            raise ImproperlyConfigured(
                f"{name} must hold entries of the form name:key, each key 32 random bytes in base64 "
                "(for example: openssl rand -base64 32)."
            )
        keys[label] = key
    return keys
