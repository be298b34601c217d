"""Languages, the look, and what is handed out to anybody: what forms do not offer, and what caches keep."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta
from io import BytesIO
from itertools import islice

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from buddying import logos, typesetting
from buddying.models import Person
from buddying.sessions import DEVICE
from insights.sheets import guarded
from matching.rounds_ahead import Planned, Round, table

As = Callable[[Person | None], Client]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "back", ["nowhere", "account_logout", "insights:home", "../admin", r"\\evil.example", "javascript:x", "?x"]
)
def test_a_choice_of_language_leads_back_to_a_page_of_ours(client: Client, back: str) -> None:
    answer = client.post("/language/", {"language": "de", "next": back})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_whoever_has_yet_to_set_up_a_second_factor_reads_of_it_in_their_language(client: Client, dora: Person) -> None:
    client.force_login(dora)
    answer = client.post("/language/", {"language": "de", "next": "/accounts/second-factor/"})
    assert answer.headers["Location"] == "/accounts/second-factor/"
    assert client.get("/accounts/second-factor/").headers["Content-Language"] == "de"


@pytest.mark.parametrize("address", ["/look.css", "/manifest.webmanifest", "/service-worker.js"])
@pytest.mark.parametrize("lasts", [timedelta(days=1), timedelta(minutes=-1)])
def test_what_anybody_may_keep_carries_nobodys_log_in(as_: As, ada: Person, address: str, lasts: timedelta) -> None:
    """The middleware notes now and then that a browser is in use, with whatever answer is next."""
    browser, now = as_(ada), timezone.now()
    session = browser.session
    times = {"began": now - timedelta(days=9), "seen": now - timedelta(hours=1), "until": now + lasts}
    session[DEVICE] = {name: at.isoformat() for name, at in times.items()} | {"browser": "Firefox"}
    session.save()
    answer = browser.get(address)
    assert "public" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in str(answer.serialize_headers()) and not answer.cookies


def test_no_name_is_a_formula_where_cells_end_at_semicolons() -> None:
    """As they do for a spreadsheet in German, whatever a file says."""
    names, reasons = ["Ada;=1+1", "Ben", "@Cleo"], ["Same place: ;=A1."]
    row = list(table([Round(1, [Planned(("1", "2", "3"), names, reasons)], [])]))[1]
    assert row == [1, 1, "1;2;3", "Ada;'=1+1; Ben;' @Cleo", "Same place: ;'=A1."]
    assert guarded("Care;\t=1+1") == "Care;'\t=1+1"


def picture(kind: str, exif: bytes) -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (40, 30)).save(file, kind, exif=exif)
    return BytesIO(file.getvalue())


def test_a_logo_whose_camera_wrote_odd_things_is_turned_all_the_same() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x011A] = 6, 72.0
    odd = exif.tobytes().replace(b"\x01\x1a\x00\x05", b"\x01\x1a\x00\x02")  # its resolution in letters
    assert odd != exif.tobytes()
    logo = logos.read(picture("JPEG", odd), 1)
    assert (logo.width, logo.height) == (30, 40)


def test_a_logo_that_breaks_off_in_what_its_camera_wrote_is_refused_in_words() -> None:
    with pytest.raises(logos.NotALogo):
        logos.read(picture("WEBP", b"Exif\0\0II*\0"), 1)


def test_who_asks_for_sheet_upon_sheet_does_not_keep_every_thread_of_the_web_waiting() -> None:
    page = '<html lang="en"><title>Sheet</title><p>Words</p></html>'
    with ThreadPoolExecutor(4) as pool:
        with typesetting._turns:
            asked = [pool.submit(typesetting.set_apart, page) for _ in range(4)]
            at_once = list(islice(as_completed(asked, timeout=typesetting.PATIENCE / 2), 2))
        assert [type(one.exception()) for one in at_once] == [typesetting.NotSet] * 2
        assert [one.result()[:4] for one in asked if one not in at_once] == [b"%PDF"] * 2
