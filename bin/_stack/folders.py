"""Where everything is written: the project's folder and one data folder."""

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from _stack.accounts import Account, can_enter
from _stack.speech import Trouble, say

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCK = "start.lock"
MEGABYTE = 1024 * 1024


def choose_data(asked: str | None, account: Account | None, root: Path = ROOT) -> Path:
    """The folder asked for, else var/ in the project, else one that PostgreSQL's account can reach."""
    chosen = Path(asked).expanduser().resolve() if asked else root / "var"
    if account is None or _can_be_opened_to(chosen, account):
        return chosen
    elsewhere = reachable_data(root)
    if asked:
        raise Trouble(
            f"PostgreSQL runs as '{account.name}', who may not enter {chosen}",
            f"choose a folder that it can enter: --data {elsewhere}",
        )
    say(f"PostgreSQL runs as '{account.name}', who may not enter {chosen}. The data folder is {elsewhere}")
    return elsewhere


def _can_be_opened_to(folder: Path, account: Account) -> bool:
    """A folder of our own, or one not yet made, is opened by us; those above it have to be open."""
    ours = not folder.exists() or folder.stat().st_uid == os.geteuid()
    return can_enter(folder.parent if ours else folder, account)


def reachable_data(root: Path) -> Path:
    """A data folder outside the project; each copy of the project has its own."""
    return Path("/var/lib/buddying") / f"{root.name}-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}"


def open_data(data: Path, named: bool, account: Account | None) -> Path:
    """Makes the data folder, or takes one that is there, but none that was named and holds other things."""
    if named and data.is_dir() and not (data / LOCK).exists() and any(data.iterdir()):
        raise Trouble(f"{data} holds other files and is no data folder of Buddying", "name a new or an empty folder")
    make_folder(data)
    if account:
        data.chmod(data.stat().st_mode | 0o011)
    return data


def make_folder(path: Path) -> Path:
    """A folder for us alone; one that is there keeps its mode."""
    try:
        if not path.is_dir():
            path.mkdir(parents=True)
            path.chmod(0o700)
    except PermissionError as error:
        raise Trouble(f"this user may not make the folder {path}", "choose another: --data DIR") from error
    except (FileExistsError, NotADirectoryError) as error:
        raise Trouble(f"{path} is not a folder", "choose another: --data DIR") from error
    return path


def write_private(path: Path, text: str) -> None:
    """Replaces a file that only its owner may read, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    with suppress(FileNotFoundError):
        fresh.unlink()
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def free_megabytes(folder: Path) -> int:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free // MEGABYTE


def require_space(folder: Path, megabytes: int, purpose: str) -> None:
    free = free_megabytes(folder)
    if free < megabytes:
        raise Trouble(
            f"the disk of {folder} has {free} MB free, and {purpose} needs about {megabytes} MB",
            "free some space; the data can also go to another disk with --data DIR",
        )


def disk_is_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


class Taken(Exception):
    """Somebody else holds the lock; `note` is what they wrote into it."""

    def __init__(self, note: dict[str, str]) -> None:
        super().__init__(str(note))
        self.note = note


class Lock:
    """A file held for as long as this process lives. However we end, it is free again, so never stale."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "a+")  # noqa: SIM115  (open for as long as it is held)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with self._file:
                raise Taken(self._read()) from None

    def _read(self) -> dict[str, str]:
        self._file.seek(0)
        try:
            note = json.loads(self._file.read())
        except ValueError:
            return {}
        return note if isinstance(note, dict) else {}

    def write(self, **note: str) -> None:
        self._file.truncate(0)
        self._file.write(json.dumps(note))
        self._file.flush()

    def release(self) -> None:
        self._file.truncate(0)
        self._file.close()


@contextmanager
def one_at_a_time(folder: Path, waiting: str) -> Iterator[None]:
    """Holds a folder itself, so that no lock file stays behind. Waits for whoever has it, and says so."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
