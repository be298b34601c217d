"""The pictures themselves: for looking through, for the README and for the landing page."""

from __future__ import annotations

from html import escape
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from _tour.stops import Stop
from _tour.visiting import Guide

ROOT = Path(__file__).resolve().parents[2]
THEMES, WIDTHS = ("light", "dark"), (360, 768, 1280)
README = ("home", "pairing", "cohort", "draft", "landing")
LANDING = {
    "home": "",
    "cohort": "section:has(> #path), section:has(> div > #path)",
    "meet": "#meeting",
}  # where to begin
IN_README = {"width": 1280, "height": 1060}
ON_LANDING = {"width": 800, "height": 560}
SHARPNESS = 1.4
COLOURS = 128
ABOVE = 28  # pixels that are left above the part at which a picture begins


def take(
    guide: Guide,
    stop: Stop,
    theme: str,
    viewport: dict[str, int],
    whole: bool = False,
    sharpness: float = 1,
    begin: str = "",
) -> bytes:
    context = guide.browser.new_context(
        base_url=guide.base,
        storage_state=guide.state_of(stop.who),
        viewport=viewport,  # type: ignore[arg-type]
        color_scheme=theme,  # type: ignore[arg-type]
        device_scale_factor=sharpness,
        reduced_motion="reduce",
    )
    page = context.new_page()
    answer = page.goto(guide.address_of(stop))
    assert answer is not None and answer.status == 200, f"{stop.name}: {answer and answer.status}"
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(one => one.loading = 'eager')")
    page.evaluate("document.fonts.ready.then(() => undefined)")
    page.evaluate("Promise.all([...document.images].map(one => one.decode().catch(() => {})))")
    if begin:
        page.locator(begin).first.evaluate(f"part => scrollTo(0, part.getBoundingClientRect().top - {ABOVE})")
    if whole:  # what sticks to the bottom of a window stands where the page ends
        page.set_viewport_size({**viewport, "height": page.evaluate("document.documentElement.scrollHeight")})  # type: ignore[arg-type]
    picture = page.screenshot(full_page=whole)
    context.close()
    return picture


def everything(guide: Guide, stops: tuple[Stop, ...], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for stop in stops:
        for theme in THEMES:
            for width in WIDTHS:
                picture = take(guide, stop, theme, {"width": width, "height": 800}, whole=True)
                (folder / name_of(stop, width, theme)).write_bytes(picture)
        print(f"  {stop.name}: {guide.address_of(stop)}", flush=True)
    (folder / "index.html").write_text(index(stops))


def name_of(stop: Stop, width: int, theme: str) -> str:
    return f"{stop.name}-{width}-{theme}.png"


def index(stops: tuple[Stop, ...]) -> str:
    parts = [f"<h2>{escape(stop.name)}</h2><p>{_row(stop)}</p>" for stop in stops]
    style = "body{font:16px system-ui;margin:2rem}img{vertical-align:top;margin:0 1rem 1rem 0;border:1px solid #999}"
    head = f"<!doctype html><meta charset=utf-8><title>Pages of the demo</title><style>{style}</style>"
    return f"{head}<h1>Pages of the demo</h1>{''.join(parts)}"


def _row(stop: Stop) -> str:
    names = [(name_of(stop, width, theme), width) for theme in THEMES for width in WIDTHS]
    return "".join(
        f'<a href="{name}"><img src="{name}" width="{width // 4}" alt="{name}"></a>' for name, width in names
    )


def for_the_docs(guide: Guide, stops: tuple[Stop, ...]) -> None:
    """Landing first: the README shows it with its new pictures."""
    by_name = {stop.name: stop for stop in stops}
    for name in [name for name in LANDING if name in by_name]:
        for theme in THEMES:
            begin = LANDING[name]
            picture = take(guide, by_name[name], theme, ON_LANDING, sharpness=SHARPNESS, begin=begin)
            _to_landing(name, theme, picture)
    for name in [name for name in README if name in by_name]:
        _to_readme(name, take(guide, by_name[name], "light", IN_README))


def _to_landing(name: str, theme: str, picture: bytes) -> None:
    folder = ROOT / "static" / "img" / "landing"
    folder.mkdir(parents=True, exist_ok=True)
    image = Image.open(BytesIO(picture)).convert("RGB")
    image.save(folder / f"{name}-{theme}.avif", quality=58, speed=4)
    image.save(folder / f"{name}-{theme}.webp", quality=72, method=6)


def _to_readme(name: str, picture: bytes) -> None:
    image = Image.open(BytesIO(picture)).convert("RGB")
    small = image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(ROOT / "docs" / "images" / f"{name}.png", optimize=True)


def browser_arguments() -> list[str]:
    return ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-quic", "--disable-dev-shm-usage"]  # fmt: skip


def open_browser(playwright: object, chromium: str) -> Browser:
    return playwright.chromium.launch(executable_path=chromium, args=browser_arguments())  # type: ignore[attr-defined]
