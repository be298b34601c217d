"""The account that PostgreSQL runs as: it refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from _stack.speech import Trouble


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int


def unprivileged() -> Account | None:
    """The account to use in place of root; None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Trouble(
        "PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody' to run it as",
        "run this as an ordinary user, or add one: useradd --system postgres",
    )


def can_enter(folder: Path, account: Account) -> bool:
    """Whether that account may enter the folder and those above it. Those not yet made are ours to open."""
    resolved = folder.resolve()
    return all(_lets_through(place.stat(), account) for place in (resolved, *resolved.parents) if place.exists())


def _lets_through(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
