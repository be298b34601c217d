"""Node.js and what the tests of single sign-on run on it: a real OpenID Connect provider."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from _stack import debian
from _stack.folders import ROOT, make_folder, one_at_a_time
from _stack.speech import Trouble, timed

SOURCE = ROOT / "tests" / "oidc"
FILES = ("package.json", "package-lock.json", "provider.mjs")
KEPT = ROOT / "var" / "cache"


def ensure_provider(log: Path) -> Path:
    """The folder in which ``node provider.mjs`` runs. Quick when it is there already."""
    folder = KEPT / f"oidc-{fingerprint()}"
    if (folder / ".complete").exists():
        return folder
    with one_at_a_time(ROOT, "Waiting for another test run of this folder to finish its installation"):
        if not (folder / ".complete").exists():
            _ensure_node(log)
            _install(folder, log)
    return folder


def fingerprint() -> str:
    return hashlib.sha256(b"\0".join((SOURCE / name).read_bytes() for name in FILES)).hexdigest()[:12]


def _ensure_node(log: Path) -> None:
    if shutil.which("node") and shutil.which("npm"):
        return
    if not debian.can_install():
        raise Trouble(
            "there is no Node.js here, which the tests of single sign-on need",
            "install it (Debian: apt-get install nodejs npm)",
        )
    debian.install(["nodejs", "npm"], "for the tests of single sign-on", log)


def _install(folder: Path, log: Path) -> None:
    for former in KEPT.glob("oidc-*"):
        shutil.rmtree(former, ignore_errors=True)
    make_folder(folder)
    for name in FILES:
        shutil.copy(SOURCE / name, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"]
    with timed("Getting an OpenID Connect provider for the tests", "The OpenID Connect provider is there"):
        with open(log, "ab") as output:
            done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                  env={**os.environ, "npm_config_cache": str(KEPT / "npm")})  # fmt: skip
        if done.returncode:
            raise Trouble(
                f"npm could not get the packages of tests/oidc (see {log})", "check the network, and run it again"
            )
        (folder / ".complete").touch()
