"""An answer in its sentences, so that each can be shared or kept."""

from __future__ import annotations

import re
from hashlib import sha256

# A stop, what closes a quotation or bracket behind it, then a space; in scripts without spaces, the stop alone.
END = re.compile(r"([.!?…]+[\"'”’»)\]]*)\s+|([。！？]+[」』）]*)\s*")


def sentences(text: str) -> list[str]:
    """Every line on its own, then every sentence of it. None says the same twice."""
    lines = END.sub(lambda found: f"{found[1] or found[2]}\n", text).splitlines()
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def token(question: str, sentence: str) -> str:
    """Names a sentence by its words: once they change, a page that was open before names nothing any more."""
    return f"{question}:{sha256(sentence.encode()).hexdigest()[:16]}"
