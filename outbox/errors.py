"""Naming what went wrong without repeating what it was about: error texts may hold names and addresses."""

import re
import smtplib
import traceback
from pathlib import Path

ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


def smtp_code(error: Exception) -> int:
    """The mail server's reply code, 0 where it gave none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def is_final(error: Exception) -> bool:
    """The server will never take this mail or this recipient; another try would say the same."""
    about_this_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    return about_this_mail and smtp_code(error) >= 500


def is_the_servers(error: Exception) -> bool:
    """The failure is one of the server or the line, and the next mail would meet it too."""
    return smtp_code(error) in (0, 421)


def outline(error: Exception) -> str:
    name, code = type(error).__name__, smtp_code(error)
    return f"{name} {code}" if code else name


def place(error: Exception) -> str:
    """``KeyError at letters.py:40``: enough to find it, nothing of what was in it."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return outline(error)
    return f"{outline(error)} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"


def refuses_the_recipient(error: Exception) -> bool:
    return isinstance(error, smtplib.SMTPRecipientsRefused)


def enhanced_status(error: Exception) -> str:
    """Such as 5.1.1 (RFC 3463), where the server gave one; else made of its reply code."""
    found = ENHANCED.match(_words(error))
    return (
        found[0] if found else {550: "5.1.1", 551: "5.1.1", 552: "5.2.2", 553: "5.1.3"}.get(smtp_code(error), "5.0.0")
    )


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[1].decode(errors="replace")
    return ""
