"""PostgreSQL and Redis of the benchmark's own, which may be killed and come back on the same port."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from _stack import postgres, redis
from _stack.accounts import Account
from _stack.ports import free_port, wait_until
from _stack.processes import Child, end_group

PATIENCE = 60.0


@dataclass
class Server:
    child: Child
    url: str
    is_ready: Callable[[], bool]
    before_start: Callable[[], None] = lambda: None

    def start(self) -> None:
        self.before_start()
        self.child.start()
        assert wait_until(self.is_ready, PATIENCE), self.child.last_words(5)

    def kill(self) -> None:
        """As a power cut would: the server and all that it started."""
        end_group(self.child.pid)
        if self.child.process:
            self.child.process.wait()


def a_postgres(folder: Path, account: Account | None) -> Server:
    """It keeps its promises about the disk: nothing here is switched off."""
    found = postgres.choose_binaries(postgres.find_binaries(), folder / "postgres", account)
    binaries = postgres.within_reach(found, account, folder)
    cluster = postgres.Cluster(binaries, folder / "postgres", account, "of-the-benchmark", folder / "postgres.log")
    cluster.make()
    port = free_port()
    child = cluster.child(port)
    return Server(child, cluster.url(port), lambda: cluster.is_ready(child.pid), cluster.clear_stale_lock)


def a_redis(folder: Path) -> Server:
    broker = redis.Broker(redis.find_binary(), folder / "redis", "of-the-benchmark", folder / "redis.log")
    port = free_port()
    return Server(broker.child(port), broker.url(port), lambda: broker.is_ready(port))


def forget(server: Server) -> None:
    """What a Redis had on disk is gone."""
    assert server.child.cwd
    for path in server.child.cwd.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
