"""What the product can say: each kind of message and how it is written. Higher apps register theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Engine, TemplateDoesNotExist
from django.template.loader import get_template

if TYPE_CHECKING:
    from outbox.models import Message


class UnknownKind(LookupError):
    pass


@dataclass(frozen=True)
class Calendar:
    """An iTIP object. ``method`` is the METHOD inside ``content``, such as REQUEST or CANCEL."""

    method: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str | None = None
    calendar: Calendar | None = None


@dataclass(frozen=True)
class Kind:
    """``compose`` asks the world again at delivery; None means that nobody wants the message any more.

    It runs once for each try and must then write the same letter: for a time stamp it takes
    ``message.dated_at``, never the clock.
    """

    name: str
    label: str
    compose: Callable[[Message], Letter | None]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    if kind.name in _kinds:
        raise ImproperlyConfigured(f"Two kinds of message are named “{kind.name}”.")
    _kinds[kind.name] = kind


def kind_of(name: str) -> Kind:
    if name not in _kinds:
        raise UnknownKind(f"No kind of message is named “{name}”.")
    return _kinds[name]


def letter(folder: str, context: dict[str, Any], *, calendar: Calendar | None = None) -> Letter:
    """Render ``subject.txt``, ``body.txt`` and, where there is one, ``body.html`` of ``mail/<folder>/``."""
    context = {"base_url": settings.BASE_URL, "site_name": settings.SITE_NAME} | context
    subject = " ".join(_text(f"mail/{folder}/subject.txt", context).split())
    context = {"subject": subject} | context
    text = _text(f"mail/{folder}/body.txt", context).strip() + "\n"
    return Letter(subject, text, _html(f"mail/{folder}/body.html", context), calendar)


def _text(name: str, context: dict[str, Any]) -> str:
    # Django escapes .txt too; a name such as O’Brien must reach the reader as it is.
    return Engine.get_default().get_template(name).render(Context(context, autoescape=False))


def _html(name: str, context: dict[str, Any]) -> str | None:
    try:
        template = get_template(name)
    except TemplateDoesNotExist:
        return None
    return template.render(context)
