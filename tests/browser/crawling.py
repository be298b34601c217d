"""Every page that somebody can get to by links, and what stands in its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from tests.browser.visitors import Visitor

MOST = 400
PRINTED = re.compile(r".*/pack/.*\.pdf")  # set anew each time, which is slow; tests/reflection/test_pack.py reads them


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attributes if name in ("href", "hx-get") and value]


def pages_within_reach(visitor: Visitor, *starts: str) -> dict[str, str]:
    """Address -> source. In Django's admin the same list sorted otherwise is not another page."""
    base = visitor.product.url
    waiting, pages = [urljoin(base, start) for start in ("/", *starts)], {}
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        answer = visitor.context.request.get(address)
        assert answer.status == 200, f"{answer.status} for {address}, which a page links to"
        pages[address] = answer.text() if "text/" in answer.headers["content-type"] else ""
        assert len(pages) < MOST, f"more than {MOST} pages: {list(pages)[-20:]}"
        waiting += _onward(address, pages[address], base)
    return pages


def _onward(address: str, source: str, base: str) -> Iterator[str]:
    links = _Links()
    links.feed(source)
    for link in links.found:
        there = urldefrag(urljoin(address, link)).url
        path = urlsplit(there).path
        if not there.startswith(base) or path.startswith(("/static/", "/demo/")) or PRINTED.fullmatch(path):
            continue
        yield there.partition("?")[0] if path.startswith("/admin/") else there
