"""Databases of the browser tests' own, and Django's models over them."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import psycopg2
from django.db import connection
from psycopg2 import sql
from pytest_django.plugin import DjangoDbBlocker

from trust.models import forget_keys

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"


def url_of(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(name)}").geturl()


def make(name: str, like: str | None = None) -> None:
    """An empty one, or a copy. Whatever a killed run left under that name goes first."""
    drop(name)
    _ask(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(like or "template1")))


def drop(name: str) -> None:
    _ask(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def name_for(purpose: str) -> str:
    """Of this run's database, this purpose and this worker of pytest-xdist."""
    main = unquote(urlsplit(os.environ["DATABASE_URL"]).path[1:])
    return f"{main}_browser_{purpose}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"[:63]


def migrate(name: str, log: Path) -> None:
    with open(log, "wb") as output:
        done = subprocess.run(
            [sys.executable, MANAGE, "migrate", "--noinput"],
            env=os.environ | {"DATABASE_URL": url_of(name), "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    assert done.returncode == 0, log.read_text()[-3000:]


@contextmanager
def migrated_once(folder: Path) -> Iterator[str]:
    """What all workers of a run, who share ``folder``, copy: the first of them migrates it, the last drops it."""
    main = unquote(urlsplit(os.environ["DATABASE_URL"]).path[1:])
    name = f"{main}_like_{os.environ.get('PYTEST_XDIST_TESTRUNUID', str(os.getpid()))}"[:63]
    users = folder / "users"
    with _alone_with(users) as count:
        if count == 0:
            make(name)
            migrate(name, folder / "migrate.log")
        users.write_text(str(count + 1))
    try:
        yield name
    finally:
        with _alone_with(users) as count:
            users.write_text(str(count - 1))
            if count == 1:
                drop(name)
                users.unlink()


@contextmanager
def _alone_with(users: Path) -> Iterator[int]:
    """Nobody else looks at the file meanwhile; gives the number that stands in it."""
    with open(users.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield int(users.read_text()) if users.exists() else 0


def _ask(statement: sql.Composed) -> None:
    with closing(psycopg2.connect(url_of("postgres"))) as line:
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(statement)


@contextmanager
def models_over(name: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Django's models read and write the database of that name, and not pytest-django's own.

    Playwright keeps an event loop in this thread, so Django has to be told that it may wait here.
    """
    settings, kept = connection.settings_dict, dict(connection.settings_dict)
    with blocker.unblock(), _environment({"DJANGO_ALLOW_ASYNC_UNSAFE": "yes"}):
        connection.close()
        settings["NAME"] = name
        forget_keys()
        try:
            yield
        finally:
            connection.close()
            settings["NAME"] = kept["NAME"]
            forget_keys()


@contextmanager
def _environment(changes: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
