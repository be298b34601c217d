"""Text in files that a spreadsheet opens: it runs what looks like a formula, also in a name that somebody typed."""

from __future__ import annotations

import re

STARTS_A_FORMULA = re.escape("=+-@|%\t\r\n＝＋－＠")
# Where numbers have commas, as in German, a spreadsheet ends cells at semicolons, whatever the file says.
BEFORE_A_FORMULA = re.compile(rf"(?:^|(?<=;))(?= *[{STARTS_A_FORMULA}])")


def harmless(text: str) -> str:
    return BEFORE_A_FORMULA.sub("'", text)
