"""Says so when Python is too old. This file alone must parse on Pythons older than 3.11."""

import os
import sys

OLDEST = (3, 11)


def newer_pythons():
    """The commands on this machine that are new enough and really run, newest first."""
    names = ["python3.%d" % minor for minor in range(20, OLDEST[1] - 1, -1)]  # noqa: UP031
    return [name for name in names if os.system(name + " -c '' >/dev/null 2>&1") == 0]  # noqa: S605


def complaint(version, executable, script, newer):
    """What to tell somebody whose Python is `version`; None when it is new enough."""
    if tuple(version) >= OLDEST:
        return None
    lines = ["Buddying needs Python 3.11 or newer; %s is %d.%d." % (executable, version[0], version[1])]  # noqa: UP031
    if newer:
        lines.append("A newer one is here. Run: %s %s" % (newer[0], script))  # noqa: UP031
    else:
        lines.append("Install one (Debian 12 or newer, Ubuntu 24.04 or newer: apt-get install python3) and try again.")
    return "\n".join(lines)


def check(script):
    if os.name != "posix":
        sys.exit("Buddying runs on Linux and macOS. On Windows, use it inside WSL.")
    version = sys.version_info[:2]
    if version < OLDEST:
        sys.exit(complaint(version, sys.executable, script, newer_pythons()))
