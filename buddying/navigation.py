"""The main navigation. Each app registers its entries; an entry says for whom it stands there."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy

from outbox.words import Words


class Link(NamedTuple):
    label: Words
    url: str
    current: bool


class Entry(NamedTuple):
    order: int
    label: Words
    url_name: str
    shown_to: Callable[[Any], bool]


_entries: list[Entry] = []
_help: dict[str, Any] = {}


def register(order: int, label: Words, url_name: str, shown_to: Callable[[Any], bool]) -> None:
    entry = Entry(order, label, url_name, shown_to)
    if entry.url_name not in {known.url_name for known in _entries}:
        _entries.append(entry)
        _entries.sort(key=lambda known: known.order)


def links_for(request: HttpRequest) -> list[Link]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [_link(entry, request.path) for entry in _entries if entry.shown_to(user)]


def _link(entry: Entry, path: str) -> Link:
    url = reverse(entry.url_name)
    return Link(entry.label, url, path == url or (url != "/" and path.startswith(url)))


def help_with(anchors: Mapping[str, str], url_name: str) -> None:
    """Which question helps with which page, by the name of its address."""
    _help.update({name: reverse_lazy(url_name, args=[slug]) for name, slug in anchors.items()})


def help_for(request: HttpRequest) -> str:
    """Where a page's own question is answered; empty where there is none."""
    match = request.resolver_match
    return str(_help.get(match.view_name, "")) if match else ""
