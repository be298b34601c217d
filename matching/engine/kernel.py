"""numba's decorators, keeping compiled code in a folder of its own for each state of the engine.

numba itself looks at no more than the file that a function stands in, and would go on using a caller compiled with what
another file said before it changed.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from numba import config, njit, prange

__all__ = ["FOLDER", "njit", "prange"]
HERE = Path(__file__).parent


def _folder() -> Path:
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    chosen = config.CACHE_DIR or HERE / "__pycache__"  # type: ignore[attr-defined]  # set when numba is imported
    return Path(chosen) / f"compiled-{sha256(sources).hexdigest()[:12]}"


FOLDER = _folder()
config.CACHE_DIR = str(FOLDER)  # type: ignore[attr-defined]
