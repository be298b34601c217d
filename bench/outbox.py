"""Messages that are neither lost nor doubled, while senders, database and broker are killed.

    python -m bench.outbox                    10,000 reminders without kills, then 10,000 with them, then the rivals
    python -m bench.outbox --write-docs       keep the table in docs/operations.md
    python -m bench.outbox --calm 1000 --reminders 1000 --kills 20 --rivals 0

Real SMTP to a server that has faults of its own (bench/sending/sink.py), PostgreSQL and Redis started for the run,
three `run_outbox` loops and a Celery worker on the same table, beat dead throughout. Kills are SIGKILL and
are spread over the mails. Rivals run on the same machine, with kills of senders alone.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

from _stack.accounts import unprivileged  # noqa: E402
from _stack.ports import answers, free_port, wait_until  # noqa: E402
from _stack.processes import Child  # noqa: E402

from bench.sending.servers import Server, a_postgres, a_redis, forget  # noqa: E402
from bench.sending.sink import LINE  # noqa: E402

PAGE = ROOT / "docs" / "operations.md"
SENDERS = 3
PATIENCE = 600  # seconds without progress
POSTGRES_KILLS = REDIS_KILLS = 5
FAULTS = 10  # mails in 10,000, of each kind
EARLIER = [
    "| mark, then send: 6,000 reminders, 120 kills, measured elsewhere | 46 | 0 | 0.38 | 0.00 | |",
    "| a batch in one transaction: the same | 0 | 416 | 0.00 | 3.47 | |",
    "| claim with a lease, then send one: the same, a first trial | 0 | 8–16 | 0.00 | 0.07–0.13 | |",
]


@dataclass
class Outcome:
    name: str
    expected: set[str]
    taken: dict[str, list[str]]
    speed: float
    kills: Counter[str]

    @property
    def lost(self) -> int:
        return len(self.expected - self.taken.keys())

    @property
    def doubled(self) -> int:
        return sum(len(hashes) - 1 for hashes in self.taken.values())

    @property
    def differing(self) -> int:
        return sum(len(set(hashes)) > 1 for hashes in self.taken.values())

    def row(self) -> str:
        kills = sum(self.kills.values())
        killed = ", ".join(f"{number} of {name}" for name, number in sorted(self.kills.items()))
        what = f"{self.name}: {len(self.expected):,} reminders, " + (f"kills: {killed}" if kills else "no kills")
        each = (f"{number / kills:.2f}" if kills else "" for number in (self.lost, self.doubled))
        return f"| {what} | {self.lost} | {self.doubled} | {' | '.join(each)} | {self.speed:.0f} |"


class Bench:
    def __init__(self, folder: Path, stack: ExitStack) -> None:
        account = unprivileged()
        folder.chmod(0o711)
        self.folder, self.stack = folder, stack
        self.postgres, self.redis = a_postgres(folder, account), a_redis(folder)
        for server in (self.postgres, self.redis):
            server.start()
            stack.callback(server.kill)
        self.mail_port = free_port()
        os.environ |= {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "BUDDYING_SMTP_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "BUDDYING_MODE": "test",
            "BUDDYING_SECRET_KEY": "of-the-benchmark-0123456789-0123456789-0123456789",
            "BUDDYING_CONTENT_KEYS": "one:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "DJANGO_SETTINGS_MODULE": "buddying.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'bin'}",
        }
        self.random = random.Random(11)

    def prepare(self, reminders: int) -> None:
        import django
        from django.core.management import call_command

        from bench.sending import world

        django.setup()
        call_command("migrate", verbosity=0)
        world.make(reminders)

    def run(self, name: str, reminders: int, kills: int = 0, strategy: str = "ours", faults: int = FAULTS) -> Outcome:
        from bench.sending import world

        expected = world.post_anew(reminders)
        ledger = self.folder / f"ledger-{strategy}-{kills}"
        ledger.touch()
        with ExitStack() as stack:
            self._start(stack, "sink", "-m", "bench.sending.sink", str(self.mail_port), str(ledger), str(faults))
            assert wait_until(lambda: answers(self.mail_port), 20)
            senders = self._start(stack, "senders", "-m", "bench.sending.senders", str(SENDERS), strategy)
            worker = self._start_worker(stack) if strategy == "ours" else None
            run = Run(self, senders, worker, ledger, reminders, kills)
            run.until_nothing_is_due()
        taken, speed = read(ledger)
        return Outcome(name, expected, taken, speed, run.killed)

    def _start(self, stack: ExitStack, name: str, *arguments: str) -> Child:
        child = Child(name, [sys.executable, *arguments], self.folder / f"{name}.log", os.environ, ROOT)
        child.start()
        stack.callback(child.stop)
        return child

    def _start_worker(self, stack: ExitStack) -> Child:
        options = ("-A", "buddying", "worker", "--concurrency", "1", "--without-mingle", "--loglevel", "WARNING")
        return self._start(stack, "worker", "-m", "celery", *options)


class Run:
    """Kills as the mails go out, one after so many; ends when nothing is due and nothing is being sent."""

    def __init__(
        self, bench: Bench, senders: Child, worker: Child | None, ledger: Path, reminders: int, kills: int
    ) -> None:
        self.bench, self.senders, self.worker, self.ledger, self.kills = bench, senders, worker, ledger, kills
        self.mails_a_kill = 0.8 * reminders / max(1, kills)
        self.killed: Counter[str] = Counter()
        self.next_kill, self.looked, self.left, self.progress = self.mails_a_kill, 0.0, -1, time.monotonic()

    def until_nothing_is_due(self) -> None:
        while self.left != 0:
            time.sleep(self.bench.random.uniform(0, 0.05))
            taken = self.ledger.stat().st_size // LINE
            if self.killed["senders"] < self.kills and taken >= self.next_kill:
                self._kill_something()
                self.next_kill = taken + self.bench.random.expovariate(1 / self.mails_a_kill)
            if time.monotonic() - self.looked > 1:
                self._look()

    def _look(self) -> None:
        """Once a second: a nudge, as from a page, and whether it goes on."""
        self.looked, before = time.monotonic(), self.left
        self._nudge()
        self.left = still_due()
        if self.left != before:
            self.progress = time.monotonic()
        assert time.monotonic() - self.progress < PATIENCE, f"{self.left} are stuck"

    def _kill_something(self) -> None:
        self._kill_a_sender()
        done, every = self.killed["senders"], max(1, self.kills // (POSTGRES_KILLS + 1))
        if not self.worker:
            return
        if done % every == 0 and self.killed["PostgreSQL"] < POSTGRES_KILLS:
            self._kill("PostgreSQL", self.bench.postgres)
        if done % every == every // 2 and self.killed["Redis"] < REDIS_KILLS:
            self._kill("Redis", self.bench.redis, forgetting=self.killed["Redis"] == 2)

    def _kill_a_sender(self) -> None:
        if self.worker and self.killed["senders"] % 10 == 9:
            pids = _children(self.worker.pid)
        else:
            pids = _children(self.senders.pid)
        if pids:
            with suppress(ProcessLookupError):
                os.kill(self.bench.random.choice(pids), signal.SIGKILL)
                self.killed["senders"] += 1

    def _kill(self, name: str, server: Server, forgetting: bool = False) -> None:
        server.kill()
        if forgetting:
            forget(server)
        server.start()
        self.killed[name] += 1

    def _nudge(self) -> None:
        """With the broker away nothing breaks."""
        from outbox import tasks

        if self.worker:
            with suppress(Exception):
                tasks.drain.apply_async(retry=False)


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def still_due() -> int:
    """How many that should have gone have not; -2 while nobody can tell."""
    from django.db import Error, connection
    from django.utils import timezone

    from outbox.models import Message

    try:
        return Message.objects.waiting().filter(due_at__lte=timezone.now()).count()
    except Error:
        connection.close()
        return -2


def read(ledger: Path) -> tuple[dict[str, list[str]], float]:
    """What was taken, and how many a second until nine in ten were: what waits for a lease or a fault comes after."""
    taken, times = defaultdict(list), []
    for line in ledger.read_text().splitlines():
        message, digest, at = line.split()
        taken[message].append(digest)
        times.append(float(at))
    most = times[: max(2, len(times) * 9 // 10)]
    return dict(taken), len(most) / (most[-1] - most[0])


def table(outcomes: list[Outcome]) -> str:
    head = "| strategy | lost | doubled on the wire | lost a kill | doubled a kill | messages a second |"
    return "\n".join([head, "|---|---:|---:|---:|---:|---:|", *(one.row() for one in outcomes), *EARLIER])


def write_docs(outcomes: list[Outcome]) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition("<!-- outbox table -->\n")
    _, _, after = rest.partition("<!-- end of outbox table -->\n")
    marked = f"<!-- outbox table -->\n{table(outcomes)}\n<!-- end of outbox table -->\n"
    PAGE.write_text(f"{before}{marked}{after}", encoding="utf-8")


def faults_of(outcomes: list[Outcome]) -> list[str]:
    """What our own rows must not show."""
    found = []
    for outcome in (one for one in outcomes if one.name.startswith("claim")):
        kills = sum(outcome.kills.values())
        found += [f"{outcome.name}: lost {outcome.lost}"] if outcome.lost else []
        found += [f"{outcome.name}: doubled {outcome.doubled}"] if outcome.doubled > 0.2 * kills else []
        found += [f"{outcome.name}: {outcome.differing} copies differ"] if outcome.differing else []
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Messages neither lost nor doubled, whatever is killed.")
    parser.add_argument("--reminders", type=int, default=10_000)
    parser.add_argument("--calm", type=int, default=10_000, help="reminders of the run without kills")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rivals", type=int, default=3000, help="reminders of each rival; 0 leaves them out")
    parser.add_argument("--write-docs", action="store_true")
    options = parser.parse_args()
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="outbox-") as folder, ExitStack() as stack:
        bench = Bench(Path(folder), stack)
        bench.prepare(max(options.reminders, options.calm, options.rivals))
        plans = [
            ("claim with a lease, then send one", options.calm, 0, "ours", FAULTS),
            ("claim with a lease, then send one", options.reminders, options.kills, "ours", FAULTS),
        ]
        if options.rivals:
            kills = max(1, options.kills * options.rivals // options.reminders)
            plans += [
                ("mark, then send", options.rivals, kills, "mark_first", 0),
                ("a batch in one transaction", options.rivals, kills, "batch", 0),
            ]
        for plan in plans:
            outcomes.append(bench.run(*plan))
            print(outcomes[-1].row(), flush=True)
    print("\n" + table(outcomes))
    if options.write_docs:
        write_docs(outcomes)
    for fault in (faults := faults_of(outcomes)):
        print(f"NOT AS PROMISED: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
