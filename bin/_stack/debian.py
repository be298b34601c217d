"""Debian packages, as root and said aloud: nothing else outside the project and its data is ever changed."""

import os
import shutil
import subprocess
from pathlib import Path

from _stack.speech import Trouble, timed


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(names: list[str], purpose: str, log: Path) -> None:
    shown = " ".join(names)
    with timed(f"Installing the Debian package {shown}, {purpose} (log: {log})", f"Installed {shown}"):
        if _apt(["install", "-y", "--no-install-recommends", *names], log):
            return
        if _apt(["update"], log) and _apt(["install", "-y", "--no-install-recommends", *names], log):
            return
        raise Trouble(
            f"apt-get could not install {shown} (see {log})",
            f"run: apt-get update && apt-get install {shown}",
        )


def _apt(arguments: list[str], log: Path) -> bool:
    with open(log, "ab") as file:
        command = ["apt-get", "-o", "DPkg::Lock::Timeout=60", *arguments]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=quiet)
    return done.returncode == 0
