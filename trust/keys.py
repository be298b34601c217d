"""Wrapping keys from the environment, and AES-256-GCM with errors that raise.

A wrong or missing key, or a byte changed anywhere, is an error and never a wrong value.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12  # bytes, as NIST SP 800-38D recommends for GCM


class CannotRead(Exception):
    """The text cannot be decrypted: the key is missing, destroyed or wrong, or the text was changed."""


def encrypt(key: bytes, plain: bytes, bound_to: str) -> bytes:
    """Nonce and ciphertext; ``bound_to`` is authenticated but not stored."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def decrypt(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotRead("The text could not be decrypted: wrong key, or it was changed.") from error


def current_wrapping_key() -> tuple[str, bytes]:
    """The first key of the ring: the one that wraps."""
    return next(iter(settings.CONTENT_KEYS.items()))


def wrapping_key(name: str) -> bytes:
    try:
        return settings.CONTENT_KEYS[name]
    except KeyError:
        raise CannotRead(f"The key “{name}” is not in BUDDYING_CONTENT_KEYS.") from None


def seal(text: str, bound_to: str) -> str:
    """Short-lived text (a log-in code waiting to be mailed), sealed with the wrapping key itself."""
    name, key = current_wrapping_key()
    return f"{name}:{encrypt(key, text.encode(), bound_to).hex()}"


def unseal(sealed: str, bound_to: str) -> str:
    name, _, content = sealed.partition(":")
    return decrypt(wrapping_key(name), bytes.fromhex(content), bound_to).decode()
