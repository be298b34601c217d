"""Ports on the loopback interface: which are free, who has one, and waiting for an answer."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from _stack.speech import Trouble

LOOPBACK = "127.0.0.1"
LISTENING = "0A"  # in /proc/net/tcp


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def next_free(first: int, tries: int = 100) -> int:
    for port in range(first, min(first + tries, 65536)):
        if is_free(port):
            return port
    raise Trouble(f"none of the ports {first} to {first + tries - 1} is free", "choose one: bin/start --port 9000")


def choose_web_port(wanted: int | None, usual: int = 8000) -> int:
    """The port asked for, or the first free one from the usual port on."""
    if wanted is None:
        return next_free(usual)
    if is_free(wanted):
        return wanted
    if wanted < 1024 and os.geteuid() != 0:
        raise Trouble(f"only root may use port {wanted}", "choose one from 1024 on: bin/start --port 8080")
    holder = f" (by {who})" if (who := holder_of(wanted)) else ""
    raise Trouble(
        f"port {wanted} is taken{holder}, so the web server cannot have it",
        f"choose another, for example: bin/start --port {next_free(usual)}",
    )


def answers(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def wait_until(ready: Callable[[], bool], seconds: float, every: float = 0.05) -> bool:
    """Whether `ready` came true in time."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() >= until:
            return False
        time.sleep(every)
    return True


def holder_of(port: int) -> str | None:
    """The program that listens on a port, as far as Linux lets us see; None when it does not."""
    inodes = _listening_inodes(port)
    for link in Path("/proc").glob("[0-9]*/fd/*") if inodes else []:
        try:
            target = link.readlink().name
        except OSError:
            continue
        if target in inodes:
            process = link.parent.parent
            return f"{(process / 'comm').read_text().strip()}, process {process.name}"
    return None


def _listening_inodes(port: int) -> set[str]:
    found: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = [line.split() for line in Path(table).read_text().splitlines()[1:]]
        except OSError:
            continue
        found |= {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{port:04X}") and row[3] == LISTENING}
    return found
