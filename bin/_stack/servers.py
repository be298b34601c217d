"""The two servers that the product leans on: PostgreSQL and Redis of our own."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from _stack import postgres, redis
from _stack.accounts import Account
from _stack.keeping import Keeper
from _stack.ports import free_port
from _stack.processes import Child
from _stack.speech import Trouble, say

PATIENCE = 60.0  # seconds; a database that was killed has to recover first


def servers_wanted() -> str:
    """BUDDYING_SERVERS: 'system' or 'wheel' keeps to one kind; empty means system, else wheel."""
    wanted = os.environ.get("BUDDYING_SERVERS", "")
    if wanted not in ("", "system", "wheel"):
        raise Trouble(f"BUDDYING_SERVERS is '{wanted}'", "set it to 'system' or 'wheel', or unset it")
    return wanted


@dataclass
class Servers:
    keeper: Keeper
    data: Path
    logs: Path
    account: Account | None
    keys: Mapping[str, str]
    options: tuple[str, ...] = ()
    """Further settings of PostgreSQL, as name=value."""
    web_url: str = ""

    def start_redis(self) -> tuple[str, Callable[[], None]]:
        """Its address, and what waits until it answers there."""
        binary = redis.find_binary(servers_wanted())
        broker = redis.Broker(binary, self.data, self.keys["redis_password"], self.logs / "redis.log")
        port = free_port()
        child = self.keeper.start(broker.child(port))
        return broker.url(port), self._waiting(child, lambda: broker.is_ready(port), f"{binary} answers on port {port}")

    def start_postgres(self) -> tuple[str, Callable[[], None]]:
        """The owner's address; the web's is in ``web_url`` then."""
        home = self.data / "postgres"
        found = postgres.find_binaries(servers_wanted())
        binaries = postgres.within_reach(postgres.choose_binaries(found, home, self.account), self.account, self.data)
        log = self.logs / "postgres.log"
        cluster = postgres.Cluster(binaries, home, self.account, self.keys["postgres_password"], log, self.options)
        cluster.make()
        port = free_port()
        child = self.keeper.start(cluster.child(port), cluster.get_ready)
        self.web_url = cluster.web_url(port)
        who = f", run as '{self.account.name}'" if self.account else ""
        told = f"{binaries} answers on port {port}{who}"
        return cluster.url(port), self._waiting(child, lambda: cluster.is_ready(child.pid), told)

    def _waiting(self, child: Child, ready: Callable[[], bool], told: str) -> Callable[[], None]:
        def wait() -> None:
            self.keeper.wait_for(child, ready, PATIENCE)
            say(told)

        return wait
