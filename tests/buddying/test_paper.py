from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from pypdf import PdfReader

from buddying import paper, typesetting
from buddying.models import Participant, Person
from matching.models import Pairing

As = Callable[[Person | None], Client]


@pytest.fixture
def no_pango(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """As on a machine without it: the import fails where it looks for the library."""
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library pango-1.0-0')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "weasyprint", raising=False)
    paper.is_possible.cache_clear()
    yield
    paper.is_possible.cache_clear()


def test_the_statement_as_a_file_says_what_the_page_says(as_: As, pairing: Pairing, ada: Person) -> None:
    url = f"/cohorts/{pairing.cohort_id}/statement"
    assert f"{url}.pdf" in as_(ada).get(f"{url}/").content.decode()
    answer = as_(ada).get(f"{url}.pdf")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer["Content-Disposition"] == 'attachment; filename="statement-of-participation.pdf"'
    sheet = PdfReader(BytesIO(answer.content))
    (page,) = sheet.pages
    words = " ".join(page.extract_text().split())
    for said in ("Statement of participation", "Ada takes part in “Buddies”", "Spring", "Sessions held", "0"):
        assert said in words
    assert sheet.metadata is not None
    assert sheet.metadata.title == "Statement of participation, Ada"
    assert sheet.trailer["/Root"]["/MarkInfo"]["/Marked"]
    fonts = [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all("Atkinson" in font for font in fonts)


def test_nobody_else_gets_it(as_: As, pairing: Pairing, participants: dict[str, Participant], dora: Person) -> None:
    assert as_(dora).get(f"/cohorts/{pairing.cohort_id}/statement.pdf").status_code == 404
    assert as_(None).get(f"/cohorts/{pairing.cohort_id}/statement.pdf").status_code == 302


def test_without_pango_the_page_offers_to_print(as_: As, pairing: Pairing, ada: Person, no_pango: None) -> None:
    url = f"/cohorts/{pairing.cohort_id}/statement"
    page = as_(ada).get(f"{url}/").content.decode()
    assert (f"{url}.pdf" in page, "Print, or save as PDF" in page) == (False, True)
    answer = as_(ada).get(f"{url}.pdf", follow=True)
    assert answer.redirect_chain == [(f"{url}/", 302)]
    assert "No PDF files can be made here." in answer.content.decode()


@pytest.mark.parametrize(
    "url", ["https://example.org/x.png", "file:///etc/passwd", "../buddying/settings.py", "http://127.0.0.1/"]
)
def test_a_sheet_loads_nothing_but_our_own_files(url: str) -> None:
    address = f"{typesetting.FILES.as_uri()}/{url}" if url.startswith("..") else url
    with pytest.raises(typesetting.NotOurs):
        typesetting.our_files(address)


def test_a_sheet_that_takes_too_long_is_given_up(
    as_: As, pairing: Pairing, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting, "WALL_SECONDS", 0.01)
    url = f"/cohorts/{pairing.cohort_id}/statement"
    answer = as_(ada).get(f"{url}.pdf", follow=True)
    assert answer.redirect_chain == [(f"{url}/", 302)]
    assert "The file could not be made just now." in answer.content.decode()


def test_whoever_comes_while_one_is_being_set_waits_for_so_long_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "PATIENCE", 0.01)
    with typesetting._turns, pytest.raises(typesetting.NotSet):
        typesetting.set_apart("<!doctype html>")


SHEET = b"<!doctype html><html lang=en><title>A</title><p>A"


@pytest.mark.parametrize(("memory", "is_set"), [(typesetting.MEMORY, True), (96 * 1024 * 1024, False)])
def test_its_process_has_so_much_memory_and_no_more(memory: int, is_set: bool) -> None:
    command = f"from buddying import typesetting; typesetting.MEMORY = {memory}; typesetting.main()"
    done = subprocess.run(
        [sys.executable, "-c", command],
        input=SHEET,
        capture_output=True,
        cwd=typesetting.ROOT,
        env=typesetting.ENVIRONMENT,
    )
    assert (done.returncode == 0, done.stdout.startswith(b"%PDF")) == (is_set, is_set)


def test_its_process_is_told_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (teller := tmp_path / "python").write_text("#!/bin/sh\nexec /usr/bin/env\n")
    teller.chmod(0o700)
    monkeypatch.setattr(typesetting.sys, "executable", str(teller))
    told = {line.partition("=")[0] for line in typesetting.set_apart("").decode().splitlines()}
    assert told - {"PWD", "OLDPWD", "SHLVL", "_"} == set(typesetting.ENVIRONMENT)  # the shell adds its own
