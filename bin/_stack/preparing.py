"""The tables and the demo programme, before the product starts."""

import hashlib
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from _stack import packages
from _stack.folders import ROOT
from _stack.processes import die_with_parent, tail
from _stack.speech import Trouble, say, timed

SEAL = "buddying-prepared"


def prepare(environment: Mapping[str, str], log: Path, seal: Path | None) -> None:
    """Migrates and loads the demo. `seal` lies in the data of our own PostgreSQL, and says what this was done for."""
    if seal and seal.exists() and seal.read_text() == fingerprint():
        say("The tables and the demo programme are there")
        return
    with timed("Bringing the tables up to date", "The tables are up to date"):
        manage(["migrate", "--noinput"], environment, log / "migrate.log")
    with timed("Loading the demo programme, unless it is there", "The demo programme is there"):
        manage(["load_demo"], environment, log / "demo.log")
    if seal:
        seal.write_text(fingerprint())


def fingerprint(root: Path = ROOT) -> str:
    """Changes with the migrations, ours and those of the packages, and with what the roles may do."""
    files = [root / "requirements.txt", root / "trust" / "roles.py", *sorted(root.glob("*/migrations/*.py"))]
    parts = [part for path in files for part in (str(path.relative_to(root)).encode(), path.read_bytes())]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def manage(command: list[str], environment: Mapping[str, str], log: Path) -> None:
    with open(log, "ab") as output:
        done = subprocess.run(
            [packages.PYTHON, ROOT / "manage.py", *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGTERM),
        )
    if done.returncode != 0:
        raise Trouble(
            f"'manage.py {command[0]}' failed. Its last words:\n{tail(log, 8)}",
            f"read {log}, and start again",
        )


def ask_who(environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Begins to ask the demo whom to log in as, while something else goes on."""
    return subprocess.Popen(
        [str(packages.PYTHON), str(ROOT / "manage.py"), "load_demo", "--who"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(signal.SIGTERM),
    )
