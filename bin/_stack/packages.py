"""The virtual environment and what is installed in it."""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from _stack import debian
from _stack.folders import ROOT, VENV, one_at_a_time, require_space
from _stack.guard import OLDEST
from _stack.speech import Trouble, say, timed

PYTHON = VENV / "bin" / "python"
RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
COMMAND = "$ "  # opens each command in the log
MEGABYTES = {RUNTIME: 850, DEVELOPMENT: 1200}


def ensure_packages(requirements: Path, log: Path) -> None:
    """Makes .venv hold what a requirements file asks for. Quick when it already does."""
    if is_current(requirements):
        return
    with one_at_a_time(ROOT, "Waiting for another start or test run of this folder to finish its installation"):
        if is_current(requirements):
            return
        require_space(ROOT, MEGABYTES.get(requirements, 700), "the installation")
        _make_venv(log)
        _install(requirements, log)
        for satisfied in (RUNTIME, requirements):
            _stamp_file(satisfied).write_text(stamp(satisfied, VENV))


def is_current(requirements: Path, venv: Path = VENV) -> bool:
    try:
        return _stamp_file(requirements, venv).read_text() == stamp(requirements, venv) and _runs(venv)
    except OSError:
        return False


def _stamp_file(requirements: Path, venv: Path = VENV) -> Path:
    return venv / f".{requirements.name}.stamp"


def stamp(requirements: Path, venv: Path) -> str:
    """Changes with the requirements (and those they include), with the venv's Python and with its place."""
    parts = [path.read_bytes() for path in included(requirements)]
    parts += [(venv / "pyvenv.cfg").read_bytes(), str(venv).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def included(requirements: Path) -> list[Path]:
    names = re.findall(r"^-r\s+(\S+)", requirements.read_text(), re.MULTILINE)
    return [requirements, *(path for name in names for path in included(requirements.parent / name))]


def _runs(venv: Path) -> bool:
    """Whether the venv's Python still runs and finds packages: an upgrade of the system may have taken it."""
    asks = "import sysconfig, os, sys; sys.exit(not os.path.isdir(sysconfig.get_path('purelib') + '/django'))"
    try:
        return subprocess.run([venv / "bin" / "python", "-c", asks], capture_output=True).returncode == 0
    except OSError:
        return False


def _make_venv(log: Path) -> None:
    if _is_new_enough(PYTHON) and _pip_command():
        return
    if importlib.util.find_spec("ensurepip") is None:
        _get_ensurepip(log)
    with timed(f"Making .venv with Python {sys.version.split()[0]}", "Made .venv"):
        bare = importlib.util.find_spec("ensurepip") is None
        _logged([sys.executable, "-m", "venv", "--clear", *(["--without-pip"] if bare else []), str(VENV)], log)
    if not _pip_command():
        raise Trouble(
            f"this Python ({sys.executable}) comes without pip and without a way to get it",
            "as root: apt-get install python3-venv; then start again",
        )


def _is_new_enough(python: Path) -> bool:
    asks = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([python, "-c", asks], capture_output=True).returncode == 0
    except OSError:
        return False


def _get_ensurepip(log: Path) -> None:
    """Debian keeps pip for venvs in a package of its own."""
    if debian.can_install() and sys.base_prefix == "/usr":
        debian.install([f"python3.{sys.version_info.minor}-venv"], "to make .venv", log)
        importlib.invalidate_caches()


def _pip_command() -> list[str]:
    """pip of the venv, else the pip of our own Python working on the venv; empty when there is neither."""
    for command in (
        [str(PYTHON), "-m", "pip"],
        [sys.executable, "-m", "pip", "--python", str(PYTHON)],
    ):
        with suppress(OSError):
            if subprocess.run([*command, "--version"], capture_output=True).returncode == 0:
                return command
    return []


def _install(requirements: Path, log: Path) -> None:
    count = len(pins(requirements))
    with timed(f"Installing {count} packages of {requirements.name} (log: {log})", "Installed the packages"):
        if _pip(requirements, log, ["--only-binary", ":all:"]):
            return
        if lacks_wheel(output_of_last_command(log)) and shutil.which("cc"):
            say("Not every package comes ready-made for this machine: compiling the rest, which takes a while")
            if _pip(requirements, log, ["--prefer-binary"]):
                return
        raise diagnosis(output_of_last_command(log), log)


def _pip(requirements: Path, log: Path, options: list[str]) -> bool:
    command = [*_pip_command(), "install", "--no-input", "--disable-pip-version-check", *options]
    return _logged([*command, "-r", str(requirements)], log, "Collecting")


def pins(requirements: Path) -> list[str]:
    lines = [line for path in included(requirements) for line in path.read_text().splitlines()]
    return [line for line in lines if re.match(r"[A-Za-z0-9]", line)]


def _logged(command: list[str], log: Path, progress: str = "") -> bool:
    """Runs a command into a log, and tells of its progress: lines that start with `progress`, and retries."""
    with open(log, "a") as file:
        file.write(f"{COMMAND}{' '.join(command)}\n")
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
        assert process.stdout
        try:
            file.writelines(_told(process.stdout, progress))
        except BaseException:
            process.kill()
            raise
        finally:
            status = process.wait()
    return status == 0


def _told(lines: Iterable[str], progress: str) -> Iterable[str]:
    count = 0
    for line in lines:
        if progress and line.startswith(progress):
            count += 1
            if count % 15 == 0:
                say(f"  {count} packages found, now {line.split()[1]}")
        elif line.startswith("WARNING: Retrying"):
            say("  The package index does not answer; pip tries again")
        yield line


def output_of_last_command(log: Path) -> str:
    return log.read_text(errors="replace").rpartition(COMMAND)[2]


def lacks_wheel(output: str) -> bool:
    return "No matching distribution found" in output and not re.search(OUT_OF_REACH, output)


OUT_OF_REACH = r"name resolution|Failed to establish a new connection|ConnectionError|timed out|ProxyError"
COMPILING = (
    "use Python 3.11 to 3.14 on x86-64 or ARM64, for which nothing is compiled, or install a C compiler "
    "and Python's headers (Debian: apt-get install build-essential python3-dev)"
)
FAULTS = (
    (r"No space left on device|Errno 28", "the disk is full", "free some space (about 1 GB) and start again"),
    (
        OUT_OF_REACH,
        "pip cannot reach the package index",
        "check the network; behind a proxy, set HTTPS_PROXY; for an index of your own, set PIP_INDEX_URL",
    ),
    (
        r"command '[^']*(gcc|cc|clang)[^']*' failed|Unknown compiler|error: Microsoft|Failed building wheel",
        "a package had to be compiled, and that failed",
        COMPILING,
    ),
    (
        r"No matching distribution found",
        "a package does not come ready-made for this Python on this machine, and could not be compiled",
        COMPILING,
    ),
    (
        r"Permission denied|Errno 13",
        "this user may not write into .venv",
        "start as the user who made it, or remove .venv",
    ),
)


def diagnosis(output: str, log: Path) -> Trouble:
    """What went wrong with pip, in our words."""
    for pattern, what, way_on in FAULTS:
        if re.search(pattern, output):
            return Trouble(f"{what} (see {log})", way_on)
    last = next((line for line in reversed(output.splitlines()) if "ERROR" in line), "pip failed")
    return Trouble(f"the packages could not be installed: {last.strip()}", f"read {log}, and start again")
