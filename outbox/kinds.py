"""What the product can say: each kind of message and how it is written. Higher apps register theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Engine, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.functional import SimpleLazyObject

from outbox.dress import dress
from outbox.groups import GROUPS, PERSONAL, Group
from outbox.lanes import Lane
from outbox.words import Words

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
    url: str = ""


def never(message: Message, at: datetime) -> bool:
    return False


@dataclass(frozen=True)
class Kind:
    """``compose`` asks the world again at delivery; None means that nobody wants the message any more.

    It runs once for each try and must then write the same letter: for a time stamp it takes
    ``message.dated_at``, never the clock. A kind that names no group goes to everybody it concerns.

    ``group``: what people choose about; ``may_digest``: it may wait for the daily mail; ``is_urgent``: it
    passes quiet hours; ``lane``: where it stands when many wait; ``when``: what brings it about, for leads;
    ``page``: the address name of what it is about, which takes ``about_id``; ``preview``: the letter with
    made-up people, for a cohort.
    """

    name: str
    label: Words
    compose: Callable[[Message], Letter | None]
    group: str = PERSONAL
    may_digest: bool = True
    is_urgent: Callable[[Message, datetime], bool] = never
    lane: int = Lane.ORDINARY
    when: Words = ""
    page: str = ""
    preview: Callable[[Any], Letter] | None = None

    @property
    def about(self) -> Group:
        return GROUPS[self.group]

    @property
    def is_essential(self) -> bool:
        return self.about.is_essential


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    if kind.name in _kinds:
        raise ImproperlyConfigured(f"Two kinds of message are named “{kind.name}”.")
    if kind.group not in GROUPS:
        raise ImproperlyConfigured(f"The kind “{kind.name}” is in no group that people know.")
    _kinds[kind.name] = kind


def kind_of(name: str) -> Kind:
    if name not in _kinds:
        raise UnknownKind(f"No kind of message is named “{name}”.")
    return _kinds[name]


def label_of(name: str) -> str:
    """Also for a kind that this version does not know any more."""
    return str(_kinds[name].label) if name in _kinds else name


def all_kinds() -> list[Kind]:
    """In the order of the groups, and within each as they were registered."""
    order = list(GROUPS)
    return sorted(_kinds.values(), key=lambda kind: order.index(kind.group))


@dataclass(frozen=True)
class Foot:
    """What stands below a letter: why it came, and how to have fewer like it."""

    because: Words
    choices_url: str
    stop_url: str = ""
    always: Words = ""


_foot: ContextVar[Foot | None] = ContextVar("foot", default=None)


@contextmanager
def footed(foot: Foot | None) -> Iterator[None]:
    """Letters that are written inside have this foot."""
    token = _foot.set(foot)
    try:
        yield
    finally:
        _foot.reset(token)


def letter(folder: str, context: dict[str, Any], *, calendar: Calendar | None = None) -> Letter:
    """Render ``subject.txt``, ``body.txt`` and, where there is one, ``body.html`` of ``mail/<folder>/``."""
    ours = {"base_url": settings.BASE_URL, "site_name": settings.SITE_NAME, "foot": _foot.get()}
    context = ours | {"dress": SimpleLazyObject(dress)} | context
    subject = " ".join(_text(f"mail/{folder}/subject.txt", context).split())
    context = {"subject": subject} | context
    text = _text(f"mail/{folder}/body.txt", context).strip() + "\n"
    html = _html(f"mail/{folder}/body.html", context)
    return Letter(subject, text, html, calendar, url=context.get("action_url", ""))


def _text(name: str, context: dict[str, Any]) -> str:
    # Django escapes .txt too; a name such as O’Brien must reach the reader as it is.
    return Engine.get_default().get_template(name).render(Context(context, autoescape=False))


def _html(name: str, context: dict[str, Any]) -> str | None:
    try:
        template = get_template(name)
    except TemplateDoesNotExist:
        return None
    return template.render(context)
