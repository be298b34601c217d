# ruff: noqa: UP032  (no f-strings: older Pythons read this)
"""Says so when Python is too old. This file alone must parse on Pythons older than 3.11."""

import os
import sys

OLDEST = (3, 11)


def newer_pythons():  # type: () -> list[str]
    """The commands on this machine that are new enough and really run, newest first."""
    names = ["python3.{}".format(minor) for minor in range(20, OLDEST[1] - 1, -1)]
    return [name for name in names if os.system(name + " -c '' >/dev/null 2>&1") == 0]  # noqa: S605  # nosec B605


def complaint(version, executable, script, newer):  # type: (tuple[int, int], str, str, list[str]) -> str
    """What to tell somebody whose Python is too old."""
    lines = ["Buddying needs Python 3.11 or newer; {} is {}.{}.".format(executable, *version)]
    if newer:
        lines.append("A newer one is here. Run: {} {}".format(newer[0], script))
    else:
        lines.append("Install one (Debian 12, Ubuntu 24.04 and later: apt-get install python3) and try again.")
    return "\n".join(lines)


def check(script):  # type: (str) -> None
    if os.name != "posix":
        sys.exit("Buddying runs on Linux and macOS. On Windows, use it inside WSL.")
    version = sys.version_info[:2]
    if version < OLDEST:
        sys.exit(complaint(version, sys.executable, script, newer_pythons()))
