"""The disclosures of a page, by their words: does each stand open?"""

from __future__ import annotations

import re

FOLD = re.compile(r"<details class=\"disclosure\"[^>]*?( open)?>\s*<summary>([^<]*)</summary>")


def folds(page: str) -> dict[str, bool]:
    return {words.strip(): bool(is_open) for is_open, words in FOLD.findall(page)}
