"""bin/start: the whole product on this machine, with a demo programme in it."""

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from _stack import packages
from _stack.accounts import Account, unprivileged
from _stack.folders import (
    LOCK,
    MEGABYTE,
    Lock,
    Taken,
    choose_data,
    disk_is_full,
    make_folder,
    open_data,
    require_space,
)
from _stack.keeping import Keeper
from _stack.keys import kept_keys
from _stack.paper import ensure_typesetter
from _stack.ports import LOOPBACK, choose_web_port, free_port
from _stack.preparing import SEAL, ask_who, prepare
from _stack.processes import interrupt, on_a_request_to_stop
from _stack.product import is_healthy, product
from _stack.servers import Servers
from _stack.speech import Trouble, complain, say, tell, timed

HELP = """\
Starts Buddying with a demo programme: the web server, the worker, the clock, the outbox, a mailbox that keeps
what the demo sends, and their PostgreSQL and Redis. Ctrl-C ends all of them.
"""
VARIABLES = """\
Environment variables:
  BUDDYING_DATA        the data folder, as --data
  DATABASE_URL         a PostgreSQL that runs already: postgresql://user:password@host:5432/database
  BUDDYING_WEB_DATABASE_URL  with it: a login of the web's own there (docs/operations.md)
  REDIS_URL            a Redis that runs already: redis://:password@host:6379/0
  BUDDYING_SERVERS     'system' or 'wheel': use only servers of the system, or only those that pip installs
  BUDDYING_SMTP_URL    send the demo's mail there, in place of keeping it in a folder
"""


@dataclass
class Place:
    """The data folder and what lies in it."""

    data: Path

    def __post_init__(self) -> None:
        for folder in (self.log, self.run, self.mail):
            make_folder(folder)

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def mail(self) -> Path:
        return self.data / "mail"


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    on_a_request_to_stop(interrupt)
    os.umask(0o022)
    return with_trouble_said(lambda: _start(options), stopped=0)


def with_trouble_said(do: Callable[[], int | None], stopped: int = 1) -> int:
    """How a command ends: what ``do`` gives, 1 after some trouble, ``stopped`` after Ctrl-C."""
    try:
        return do() or 0
    except Trouble as trouble:
        complain(trouble)
    except OSError as error:
        complain(trouble_of(error))
    except KeyboardInterrupt:
        say("Stopped")
        return stopped
    return 1


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "bin/start", description=HELP, epilog=VARIABLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", metavar="DIR", default=os.environ.get("BUDDYING_DATA") or None,
                        help="keep everything in this folder (default: var/ in the project)")  # fmt: skip
    parser.add_argument("--port", type=int, help="the web server's port (default: the first free one from 8000 on)")
    parser.add_argument("--verbose", action="store_true", help="show what the processes write into their logs")
    return parser.parse_args(arguments)


def trouble_of(error: OSError) -> Trouble:
    where = f": {error.filename}" if error.filename else ""
    if disk_is_full(error):
        return Trouble(f"the disk is full{where}", "free some space and start again; nothing that was saved is lost")
    return Trouble(
        f"{error.strerror or error}{where}", "check the folder's owner and rights, or choose another: --data"
    )


def _start(options: argparse.Namespace) -> None:
    account = unprivileged()
    data = open_data(choose_data(options.data, account), bool(options.data), account)
    lock = take_lock(data)
    try:
        place = Place(data)
        keeper = Keeper(place.run, options.verbose)
        keeper.end_leftovers()
        port = choose_web_port(options.port)
        if options.port is None and port != 8000:
            say(f"Port 8000 is taken: using {port}")
        require_space(data, 50 if (data / "postgres").exists() else 300, "the database")
        packages.ensure_packages(packages.RUNTIME, place.log / "install.log")
        ensure_typesetter(place.log / "install.log")
        _run(keeper, place, account, port, lock)
    finally:
        lock.release()


def take_lock(data: Path) -> Lock:
    try:
        lock = Lock(data / LOCK)
    except Taken as taken:
        where = f"at {taken.note['url']}" if "url" in taken.note else "and is just starting"
        process = taken.note.get("process", "unknown")
        raise Trouble(
            f"Buddying runs from this data folder already, {where} (process {process}; {data})",
            f"use that one, end it (Ctrl-C, or: kill {process}), or start with another folder: --data DIR",
        ) from None
    lock.write(process=str(os.getpid()))
    return lock


def _run(keeper: Keeper, place: Place, account: Account | None, port: int, lock: Lock) -> None:
    shorten_logs(place.log)
    try:
        environment = _start_servers(keeper, place, account, port)
        seal = None if os.environ.get("DATABASE_URL") else place.data / "postgres" / SEAL
        prepare(environment, place.log, seal)
        who = ask_who(environment)
        _start_product(keeper, environment, place, port)
        lock.write(process=str(os.getpid()), url=environment["BUDDYING_BASE_URL"])
        _greet(environment, place, who.communicate()[0])
        keeper.watch()
    finally:
        _end(keeper)


def shorten_logs(folder: Path, most: int = 5 * MEGABYTE) -> None:
    for log in folder.glob("*.log"):
        if log.stat().st_size > most:
            log.replace(log.with_suffix(".log.1"))


def _start_servers(keeper: Keeper, place: Place, account: Account | None, port: int) -> dict[str, str]:
    keys = kept_keys(place.data)
    servers = Servers(keeper, place.data, place.log, account, keys)
    environment = {**os.environ, **_settings(place, keys, port)}
    waits = []
    for name, server, start in (
        ("REDIS_URL", "Redis", servers.start_redis),
        ("DATABASE_URL", "PostgreSQL", servers.start_postgres),
    ):
        if os.environ.get(name):
            say(f"Using the {server} that {name} names")
        else:
            environment[name], wait = start()
            waits.append(wait)
    for wait in waits:
        wait()
    if servers.web_url:
        environment["BUDDYING_WEB_DATABASE_URL"] = servers.web_url
    return environment


def _settings(place: Place, keys: Mapping[str, str], port: int) -> dict[str, str]:
    given = os.environ.get
    mode = given("BUDDYING_MODE", "demo")
    return {
        "DJANGO_SETTINGS_MODULE": "buddying.settings",
        "BUDDYING_MODE": mode if mode in ("demo", "development") else "demo",
        "BUDDYING_DATA": str(place.data),
        "BUDDYING_SECRET_KEY": given("BUDDYING_SECRET_KEY") or keys["secret_key"],
        "BUDDYING_CONTENT_KEYS": given("BUDDYING_CONTENT_KEYS") or keys["content_keys"],
        "BUDDYING_BASE_URL": f"http://{LOOPBACK}:{port}",
        "BUDDYING_SMTP_URL": given("BUDDYING_SMTP_URL") or f"smtp://{LOOPBACK}:{free_port()}",
        "PYTHONUNBUFFERED": "1",
    }


def _start_product(keeper: Keeper, environment: Mapping[str, str], place: Place, port: int) -> None:
    """The mail sink is left out when the mail goes elsewhere."""
    with timed("Starting the product", "The product answers"):
        children = product(without_the_owner(environment), place.log, place.run, port)
        for child in children:
            if child.name != "mail" or not os.environ.get("BUDDYING_SMTP_URL"):
                keeper.start(child)
        keeper.wait_for(children[-1], lambda: is_healthy(port), 60)


def without_the_owner(environment: Mapping[str, str]) -> Mapping[str, str]:
    """What people use is not told how to connect as the owner of the tables, where the web has a login of its own."""
    hidden = {"DATABASE_URL"} if environment.get("BUDDYING_WEB_DATABASE_URL") else set()
    return {name: value for name, value in environment.items() if name not in hidden}


def _greet(environment: Mapping[str, str], place: Place, who: str) -> None:
    say(f"Buddying is ready: {environment['BUDDYING_BASE_URL']}/")
    tell(f"\n{who.strip()}\n")
    if not os.environ.get("BUDDYING_SMTP_URL"):
        tell(f"Mail that the demo sends: {place.mail}")
    tell(f"Logs: {place.log}\nCtrl-C ends everything.\n")


def _end(keeper: Keeper) -> None:
    def hurry(signum: int, frame: object) -> None:
        say("Stopping at once")
        keeper.hurry()

    on_a_request_to_stop(hurry)
    if keeper.kept:
        say("Stopping (Ctrl-C again to stop at once)")
    keeper.stop_all()
