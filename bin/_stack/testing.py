"""bin/test: every gate and every test, with servers of its own, leaving nothing running."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from _stack import node, packages
from _stack.accounts import can_enter, unprivileged
from _stack.browser import ensure_browser, ensure_driver
from _stack.folders import LOCK, ROOT, VENV, Lock, Taken, make_folder, require_space
from _stack.gathering import ensure_gettext
from _stack.keeping import Keeper
from _stack.keys import make_keys
from _stack.paper import ensure_typesetter
from _stack.processes import adopt_orphans, die_with_parent, end_orphans, interrupt, on_a_request_to_stop
from _stack.servers import Servers
from _stack.speech import Trouble, say
from _stack.starting import with_trouble_said

HELP = """\
usage: bin/test                 every gate, then every test
       bin/test ARGUMENTS ...   pytest alone with these arguments: bin/test tests/outbox -k lease

Brings up its own PostgreSQL and Redis on free ports, and ends them. BUDDYING_SERVERS ('system' or 'wheel')
keeps to servers of the system, or to those that pip installs; BUDDYING_CHROMIUM names the browser.
"""
LOGS = ROOT / "var" / "log" / "test"
PREFIX = "buddying-test-"
SERVER_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")
APPS = ("bin", "buddying", "matching", "equipping", "sessions_log", "reflection", "insights", "trust", "outbox")
DEPLOYED = {
    "BUDDYING_MODE": "production",
    "BUDDYING_HOSTS": "buddying.example.org",
    "BUDDYING_BASE_URL": "https://buddying.example.org",
    "BUDDYING_SMTP_URL": "smtps://buddying:secret@mail.example.org:465",
    "BUDDYING_MAIL_FROM": "Buddying <buddying@example.org>",
}


@dataclass(frozen=True)
class Gate:
    name: str
    command: Sequence[str | Path]
    changed: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    name: str
    passed: bool
    seconds: float
    closing_line: str = ""


def main(arguments: list[str]) -> int:
    if arguments in (["-h"], ["--help"]):
        print(HELP)
        return 0
    on_a_request_to_stop(interrupt)
    os.umask(0o022)
    adopt_orphans()
    return with_trouble_said(lambda: _test(arguments[1:] if arguments[:1] == ["--"] else arguments))


def _test(arguments: list[str]) -> int:
    make_folder(LOGS)
    require_space(ROOT, 500, "the tests")
    packages.ensure_packages(packages.DEVELOPMENT, LOGS / "install.log")
    ensure_typesetter(LOGS / "install.log")
    ensure_gettext(LOGS / "install.log")
    with scratch() as folder, servers(folder) as environment:
        browser, provider = _look_for_browser(), _look_for_provider()
        environment["BUDDYING_CHROMIUM"] = browser
        if arguments:
            return _call(Gate("pytest", [packages.PYTHON, "-m", "pytest", *arguments]), environment)
        outcomes = run_gates(environment)
    outcomes += [Outcome("a Chromium for the browser tests", bool(browser), 0)]
    outcomes += [Outcome("an OpenID Connect provider for the tests of single sign-on", provider, 0)]
    return summarise(outcomes)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for this run, which PostgreSQL's account can reach. Those of killed runs are removed."""
    sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = Lock(folder / LOCK)
    try:
        if account := unprivileged():
            folder.chmod(0o711)
            if not can_enter(folder, account):
                raise Trouble(f"'{account.name}', who runs PostgreSQL, may not enter {folder}", "set TMPDIR=/tmp")
        yield folder
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def sweep(temporary: Path) -> None:
    for folder in temporary.glob(f"{PREFIX}*"):
        with suppress(OSError, Taken):
            Lock(folder / LOCK).release()
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def servers(folder: Path) -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis for one run, as the environment that names them."""
    keys = make_keys()
    keeper = Keeper(make_folder(folder / "run"))
    started = Servers(keeper, folder, LOGS, unprivileged(), keys, SERVER_OPTIONS)
    try:
        redis_url, redis_answers = started.start_redis()
        database_url, database_answers = started.start_postgres()
        redis_answers()
        database_answers()
        yield {
            **_own_environment(),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "BUDDYING_MODE": "test",
            "BUDDYING_DATA": str(make_folder(folder / "data")),
            "BUDDYING_SECRET_KEY": keys["secret_key"],
            "BUDDYING_CONTENT_KEYS": keys["content_keys"],
            "DJANGO_SETTINGS_MODULE": "buddying.settings",
        }
    finally:
        on_a_request_to_stop(signal.SIG_IGN)
        keeper.stop_all()
        for command in end_orphans():
            say(f"  ended what the tests had left running: {command[:100]}")


def _own_environment() -> dict[str, str]:
    """Ours, without settings of a product that runs elsewhere; tools of the venv come first on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BUDDYING_")}
    return {**kept, "PATH": f"{VENV / 'bin'}:{os.environ.get('PATH', os.defpath)}"}


def _look_for_browser() -> str:
    try:
        ensure_driver(LOGS / "install.log")
        return ensure_browser(LOGS / "install.log")
    except Trouble as trouble:
        say(f"The browser tests will fail: {trouble.what}. A way on: {trouble.way_on}")
        return ""


def _look_for_provider() -> bool:
    try:
        return bool(node.ensure_provider(LOGS / "install.log"))
    except Trouble as trouble:
        say(f"The tests of single sign-on will fail: {trouble.what}. A way on: {trouble.way_on}")
        return False


def gates() -> list[Gate]:
    tools = VENV / "bin"
    manage = [packages.PYTHON, ROOT / "manage.py"]
    return [
        Gate("the engine compiles", [packages.PYTHON, "-m", "matching.engine.warm"]),  # first: its tests wait for it
        Gate("ruff format --check", [tools / "ruff", "format", "--check"]),
        Gate("ruff check", [tools / "ruff", "check"]),
        Gate("mypy", [tools / "mypy"]),
        Gate("lint-imports", [tools / "lint-imports"]),
        Gate("bandit", [tools / "bandit", "--quiet", "--recursive", "-ll", *APPS]),
        Gate("makemigrations --check", [*manage, "makemigrations", "--check", "--dry-run"]),
        Gate("check --deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], DEPLOYED),
    ]


def tests() -> Gate:
    workers = str(max(2, os.cpu_count() or 2) + 1)  # each waits for browsers and the database a good part of its time
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    return Gate(
        "pytest",
        [
            packages.PYTHON,
            "-m",
            "pytest",
            "-n",
            workers,
            "--dist",
            "loadfile",
            "--no-loadscope-reorder",
            "--durations",
            "15",
            *colour,
        ],
    )


def run_gates(environment: Mapping[str, str]) -> list[Outcome]:
    """The tests, and the other gates beside them: they wait for browsers half of their time."""
    with ThreadPoolExecutor(1) as beside:
        others = beside.submit(lambda: [run_gate(gate, environment, aside=True) for gate in gates()])
        tested = run_gate(tests(), environment)
        return [*others.result(), tested]


def run_gate(gate: Gate, environment: Mapping[str, str], aside: bool = False) -> Outcome:
    """Aside: what it says is shown at its end, in one piece."""
    title = f"\n── {gate.name} {'─' * (70 - len(gate.name))}"
    if not aside:
        print(title, flush=True)
    since = time.monotonic()
    heard: deque[str] = deque(maxlen=2000 if aside else 50)
    status = _call(gate, environment, heard, aside)
    seconds = time.monotonic() - since
    whole = f"{title}\n{''.join(heard)}" if aside else ""
    print(f"{whole}   {gate.name}: {'passed' if status == 0 else 'FAILED'} in {seconds:.1f} s", flush=True)
    return Outcome(gate.name, status == 0, seconds, closing_line(heard) if gate.name == "pytest" else "")


def _call(gate: Gate, environment: Mapping[str, str], heard: deque[str] | None = None, silently: bool = False) -> int:
    """Runs a gate in our own process group, which Ctrl-C reaches too, and shows its output as it comes."""
    process = subprocess.Popen(
        [str(part) for part in gate.command],
        stdout=None if heard is None else subprocess.PIPE,
        stderr=None if heard is None else subprocess.STDOUT,
        env={**environment, **gate.changed},
        cwd=ROOT,
        preexec_fn=lambda: die_with_parent(signal.SIGTERM),
        text=True,
        errors="replace",
    )
    try:
        for line in process.stdout or ():
            if not silently:
                print(line, end="", flush=True)
            if heard is not None:
                heard.append(line)
        return process.wait()
    except KeyboardInterrupt:
        end_gate(process)
        raise


def end_gate(process: subprocess.Popen[str]) -> None:
    """As Ctrl-C would, so that the tests can clear up; with force if they do not."""
    for asked, patience in ((signal.SIGINT, 20), (signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        process.send_signal(asked)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return


def closing_line(lines: Sequence[str]) -> str:
    """pytest's last word: '12 passed, 1 skipped in 3.45s'."""
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip("= \n") for line in lines]
    return next((line for line in reversed(plain) if re.search(r"\bin \d+\.\d+s\b", line)), "")


def summarise(outcomes: list[Outcome]) -> int:
    print(f"\n── Summary {'─' * 63}")
    for outcome in outcomes:
        print(f"   {'passed' if outcome.passed else 'FAILED'}  {outcome.seconds:6.1f} s  {outcome.name}")
    for outcome in outcomes:
        if outcome.closing_line:
            print(f"\n{outcome.closing_line}")
    sys.stdout.flush()
    return 0 if all(outcome.passed for outcome in outcomes) else 1
