"""What only this data folder knows: made once, kept in a file that only its owner may read."""

import base64
import json
import secrets
from pathlib import Path

from _stack.folders import write_private
from _stack.speech import Trouble

KINDS = ("secret_key", "content_keys", "postgres_password", "redis_password")


def make_keys() -> dict[str, str]:
    return {
        "secret_key": secrets.token_urlsafe(50),
        "content_keys": f"first:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "postgres_password": secrets.token_hex(24),
        "redis_password": secrets.token_hex(24),
    }


def kept_keys(data: Path) -> dict[str, str]:
    """The keys of a data folder. They are never made anew for one that has any: its texts would be lost."""
    path = data / "keys.json"
    if not path.exists():
        write_private(path, json.dumps(make_keys(), indent=2))
    try:
        keys = json.loads(path.read_text())
    except ValueError:
        keys = {}
    if not isinstance(keys, dict) or any(not keys.get(kind) for kind in KINDS):
        raise Trouble(f"{path} is damaged", f"bring it back from a copy, or begin anew: remove {data}")
    return keys
