"""An organisation’s logo: what is kept is drawn anew, small and without anything that came along with it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")  # SVG can hold scripts, and is not read
MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 16_000_000
ROOM = (480, 144)  # three times the size at which it is shown
LIGHT = 30 * 1024


class NotALogo(ValueError):
    """Says to whoever chose the file what to do."""


@dataclass(frozen=True)
class Logo:
    """As WebP, which browsers and the typesetter both know."""

    image: bytes
    width: int
    height: int


def read(file: IO[bytes], size: int) -> Logo:
    if size > MOST_BYTES:
        raise NotALogo(_("This file is larger than 2 MB. Please choose a smaller picture."))
    picture = _opened(file)
    picture.thumbnail(ROOM, Image.Resampling.LANCZOS)
    bare = Image.new("RGBA", picture.size)  # no camera, place or date travels along
    bare.paste(picture)
    return Logo(_as_webp(bare), *bare.size)


def _opened(file: IO[bytes]) -> Image.Image:
    """Its size is known before any of its pixels is unpacked."""
    try:
        picture = Image.open(file, formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        return _upright(picture).convert("RGBA")
    except Image.DecompressionBombError as error:
        raise NotALogo(_("This picture has too many pixels. Please choose one of at most 4000 by 4000.")) from error
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise NotALogo(_("This is no picture that can be read. Please choose a PNG, JPEG or WebP file.")) from error


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its camera says. Nothing else of what that says is written anew: Pillow stumbles over odd values."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # what sets sheets to print puts up with torn files, in the whole process
    picture.load()
    picture.getexif()  # kept beside what it was read from
    for source in ("exif", "Raw profile type exif"):
        picture.info.pop(source, None)
    return ImageOps.exif_transpose(picture)


def _as_webp(picture: Image.Image) -> bytes:
    exact = _saved(picture, lossless=True, quality=100)
    return exact if len(exact) <= LIGHT else min(exact, _saved(picture, quality=82), key=len)


def _saved(picture: Image.Image, **options: object) -> bytes:
    with BytesIO() as file:
        picture.save(file, "WEBP", method=6, **options)
        return file.getvalue()
