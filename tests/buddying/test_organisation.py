"""The organisation's own page, and the look that it gives to pages, mail and printed sheets."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from buddying import letters, logos, paper
from buddying.models import Organisation, Participant, Person
from outbox.kinds import letter

As = Callable[[Person | None], Client]
FILLED = {
    "name": "Alder & Birch",
    "contact_email": "help@example.org",
    "support_contacts": "Occupational health",
    "swatch": "262",
    "accent_hue": "174",
    "has_landing_page": "on",
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300), **options: Any) -> bytes:
    with BytesIO() as file:
        Image.new("RGB", size, "#0a5e54").save(file, kind, **options)
        return file.getvalue()


def send(browser: Client, **changed: Any) -> Any:
    return browser.post("/organisation/", {**FILLED, **changed})


def upload(browser: Client, content: bytes, name: str = "logo.png") -> Any:
    return send(browser, logo_file=SimpleUploadedFile(name, content, "image/png"))


def test_an_administrator_gives_it_a_name_and_an_accent(as_: As, olga: Person) -> None:
    answer = send(as_(olga))
    ours = Organisation.current()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/organisation/")
    assert (ours.name, ours.contact_email, ours.support_contacts, ours.accent_hue, ours.has_landing_page) == (
        "Alder & Birch", "help@example.org", "Occupational health", 262, True,
    )  # fmt: skip


def test_any_other_hue_goes_by_its_number(as_: As, olga: Person) -> None:
    assert send(as_(olga), swatch="own", accent_hue="31").status_code == 302
    assert Organisation.current().accent_hue == 31
    assert 'value="own" id="id_swatch_9" required checked' in as_(olga).get("/organisation/").content.decode()


@pytest.mark.parametrize("hue", ["", "361", "-1", "blue"])
def test_a_number_that_is_no_hue_is_refused_and_the_rest_is_kept(as_: As, olga: Person, hue: str) -> None:
    answer = send(as_(olga), swatch="own", accent_hue=hue)
    assert answer.status_code == 422
    assert "Alder &amp; Birch" in answer.content.decode()
    assert Organisation.objects.count() == 0


def test_the_database_knows_what_a_hue_and_a_logo_are(db: None) -> None:
    for wrong in ({"accent_hue": 361}, {"logo": b"x"}, {"logo_width": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.create(pk=1, **wrong)


def test_pages_link_the_accent_only_where_it_is_not_ours(as_: As, olga: Person, client: Client) -> None:
    assert "look.css" not in client.get("/").content.decode()
    send(as_(olga))
    address = f"/look.css?v={Organisation.current().look}"
    for browser in (client, as_(olga)):
        assert f'<link rel="stylesheet" href="{address}">' in browser.get("/help/").content.decode()
        sheet = browser.get(address)
        assert sheet.content == b"@layer tokens { :root { --accent-hue: 262; } }\n"
        assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"
        assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_whoever_has_yet_to_set_up_a_second_factor_sees_the_look(client: Client, dora: Person) -> None:
    client.force_login(dora)
    assert client.get("/programmes/").status_code == 302
    assert client.get("/look.css").status_code == 200


def test_an_address_that_names_no_look_is_kept_for_a_while_only(client: Client, db: None) -> None:
    assert client.get("/look.css").headers["Cache-Control"] == "public, max-age=300"
    assert client.get("/look.css?v=7").headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_small_and_bare(as_: As, olga: Person, client: Client, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    assert upload(as_(olga), picture(kind, exif=exif.tobytes())).status_code == 302
    ours = Organisation.current()
    assert (ours.logo_width, ours.logo_height) == (432, 144)
    page = client.get("/help/").content.decode()
    assert f'src="/look/logo.webp?v={ours.look}" width="432" height="144" alt=""' in page
    sent = client.get(f"/look/logo.webp?v={ours.look}")
    assert (sent.headers["Content-Type"], sent.headers["Cache-Control"]) == (
        "image/webp", "public, max-age=31536000, immutable",
    )  # fmt: skip
    assert b"taken at home" not in sent.content
    drawn = Image.open(BytesIO(sent.content))
    assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("WEBP", (432, 144), {})


def bomb() -> bytes:
    """A few bytes that unpack into more pixels than anybody wants to hold."""
    with BytesIO() as file:
        Image.new("1", (20_000, 20_000)).save(file, "PNG")
        return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SVG, "This is no picture that can be read."),
        (b"GIF89a" + b"\0" * 30, "This is no picture that can be read."),
        (picture()[:60], "This is no picture that can be read."),
        (bomb(), "This picture has too many pixels."),
        (picture() + b"\0" * logos.MOST_BYTES, "This file is larger than 2 MB."),
    ],
    ids=["SVG", "GIF", "torn", "bomb", "heavy"],
)
def test_what_is_no_small_picture_is_refused(as_: As, olga: Person, content: bytes, said: str) -> None:
    answer = upload(as_(olga), content)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Organisation.objects.count() == 0


def test_a_torn_picture_is_refused_after_a_sheet_was_set(as_: As, olga: Person) -> None:
    assert paper.is_possible()
    assert upload(as_(olga), picture()[:60]).status_code == 422


def test_a_logo_that_hides_much_stays_light(as_: As, olga: Person) -> None:
    noise = Image.effect_noise((1200, 600), 90).convert("RGB")
    with BytesIO() as file:
        noise.save(file, "JPEG")
        assert len(logos.read(BytesIO(file.getvalue()), 1).image) < 2 * logos.LIGHT


def test_it_is_taken_away_again(as_: As, olga: Person, client: Client) -> None:
    upload(as_(olga), picture())
    assert send(as_(olga), remove_logo="on").status_code == 302
    assert not Organisation.current().has_logo
    assert client.get("/look/logo.webp").status_code == 404


def test_other_changes_leave_the_logo_and_the_look(as_: As, olga: Person) -> None:
    upload(as_(olga), picture())
    before = Organisation.objects.get()
    send(as_(olga), name="Birch")
    after = Organisation.objects.get()
    assert (after.name, bytes(after.logo), after.look) == ("Birch", bytes(before.logo), before.look)


def test_visitors_go_straight_to_the_log_in_where_there_is_no_landing_page(as_: As, olga: Person) -> None:
    assert "Two colleagues, coaching each other" in Client().get("/").content.decode()
    send(as_(olga), has_landing_page="")
    answer = Client().get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/code/")
    assert as_(olga).get("/").status_code == 200


def test_mail_carries_name_and_accent(as_: As, olga: Person) -> None:
    plain = letter("account/login_code", {"code": "RTX4-PQW7"}).html
    send(as_(olga))
    dressed = letter("account/login_code", {"code": "RTX4-PQW7"}).html
    assert plain is not None and dressed is not None
    assert ("#155e4e" in plain, "#155e4e" in dressed) == (True, False)
    assert letters.dress()["accent"] in dressed
    assert "· Alder &amp; Birch" in dressed


def test_printed_sheets_carry_the_logo(
    as_: As, olga: Person, ada: Person, participants: dict[str, Participant]
) -> None:
    url = f"/cohorts/{participants['Ada'].cohort_id}/statement.pdf"
    assert pictures_in(as_(ada).get(url).content) == 0
    upload(as_(olga), picture())
    assert pictures_in(as_(ada).get(url).content) == 1


def pictures_in(sheet: bytes) -> int:
    return sum(len(page.images) for page in PdfReader(BytesIO(sheet)).pages)
