"""What a visitor reads before logging in, and how much of it has to travel."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

STATIC = Path(__file__).resolve().parents[2] / "static"
COMPRESSED = {".css", ".js", ".svg"}
MOST = 150_000
NOT_ON_A_FIRST_VISIT = re.compile(
    r"-dark\.|\.webp$|favicon-32|icon-180"
)  # the other theme, older browsers, home screens


@pytest.fixture
def page(client: Client, db: None) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_leads_to_the_log_in_the_privacy_page_and_how_to_start(page: str) -> None:
    main = page[page.index("<main") : page.index("</main>")]
    assert set(re.findall(r'href="([^"#]+|#\w+)"', main)) == {"/accounts/login/code/", "/privacy/", "#start"}


def test_every_picture_has_its_size_words_and_both_themes(page: str) -> None:
    pictures = re.findall(r"<picture.*?</picture>", page, re.DOTALL)
    assert len(pictures) == 3
    for picture in pictures:
        assert re.search(r'<img [^>]*width="\d+" height="\d+" alt="[^"]{20,}"', picture)
        assert sorted(re.findall(r"-(light|dark)\.(avif|webp)", picture)) == [
            ("dark", "avif"), ("dark", "webp"), ("light", "avif"), ("light", "webp"),
        ]  # fmt: skip
    assert ['loading="lazy"' in picture for picture in pictures] == [False, True, True]


def test_a_first_visit_takes_less_than_150_kilobytes(page: str) -> None:
    """With every picture of one theme, as sent in production: text compressed, at worst by gzip."""
    named = {name.partition("#")[0] for name in re.findall(r'(?:href|src|srcset)="/static/([^"]+)"', page)}
    wanted = {name for name in named if not NOT_ON_A_FIRST_VISIT.search(name)}
    sizes = {name: weight(STATIC / name) for name in with_imports(wanted)}
    assert sum(sizes.values()) + len(gzip.compress(page.encode())) < MOST, sizes


def with_imports(names: set[str]) -> set[str]:
    """Scripts name others beside them."""
    found = set(names)
    for name in [name for name in names if name.startswith("js/")]:
        beside = re.findall(r'from "\./([\w-]+\.js)"|import "\./([\w-]+\.js)"', (STATIC / name).read_text())
        found |= {f"js/{one or other}" for one, other in beside}
    return found


def weight(path: Path) -> int:
    content = path.read_bytes()
    return len(gzip.compress(content) if path.suffix in COMPRESSED else content)
