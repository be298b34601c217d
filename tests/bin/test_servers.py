import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _stack import keys, postgres, redis, servers
from _stack.ports import wait_until
from _stack.postgres import Binaries, Cluster
from _stack.processes import Child, command_line
from _stack.speech import Trouble

FOUND = [Binaries(Path("/pg16"), 16, "system"), Binaries(Path("/pg18"), 18, "wheel")]


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    home = tmp_path / "postgres"
    home.mkdir()
    return Cluster(FOUND[0], home, None, "secret", tmp_path / "postgres.log")


@pytest.fixture
def impostor(cluster: Cluster, log: Path) -> Iterator[Child]:
    """Looks like the server of that data, as a killed run leaves it behind."""
    child = Child("postgres", [sys.executable, "-c", "import time; time.sleep(60)", "-D", cluster.home, "-p"], log)
    child.start()
    wait_until(lambda: str(cluster.home) in command_line(child.pid), 5)
    yield child
    child.stop()


def lock(cluster: Cluster, pid: object, state: str = "ready") -> Path:
    path = cluster.home / "postmaster.pid"
    path.write_text(f"{pid}\n{cluster.home}\n1795162000\n5432\n\n127.0.0.1\n  1234  5\n{state}   \n")
    return path


def test_new_data_is_made_by_the_first_that_is_found(tmp_path: Path) -> None:
    assert postgres.choose_binaries(FOUND, tmp_path).version == 16


def test_data_stays_with_the_version_that_made_it(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("18\n")
    assert postgres.choose_binaries(FOUND, tmp_path).source == "wheel"


def test_data_of_a_version_that_is_not_here_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("17\n")
    with pytest.raises(Trouble) as trouble:
        postgres.choose_binaries(FOUND, tmp_path)
    assert "made by PostgreSQL 17, which is not here" in trouble.value.what
    assert "install PostgreSQL 17" in trouble.value.way_on


def test_no_server_at_all_is_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Trouble, match="no PostgreSQL of version 15 or newer"):
        postgres.choose_binaries([], tmp_path)
    monkeypatch.setattr(redis, "VENV", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Trouble, match="no Redis"):
        redis.find_binary()


def test_a_server_is_ready_when_its_own_lock_says_so(cluster: Cluster) -> None:
    assert not cluster.is_ready(4242)
    lock(cluster, 4242, "starting")
    assert not cluster.is_ready(4242)
    lock(cluster, 4242)
    assert cluster.is_ready(4242)
    assert not cluster.is_ready(4243)


def test_a_server_that_a_killed_run_left_behind_is_ended(cluster: Cluster, impostor: Child) -> None:
    lock(cluster, impostor.pid)
    cluster.clear_stale_lock()
    assert wait_until(lambda: not impostor.is_running(), 5)
    assert impostor.how_it_ended() in ("ended with status 1", "was ended by SIGINT")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows where a process works")
def test_a_server_that_somebody_else_started_on_that_data_is_ended(cluster: Cluster, log: Path) -> None:
    other = Child("other", [sys.executable, "-c", "import time; time.sleep(60)", "postgres"], log, cwd=cluster.home)
    other.start()
    assert wait_until(lambda: "postgres" in command_line(other.pid), 5)
    path = lock(cluster, other.pid)
    cluster.clear_stale_lock()
    assert wait_until(lambda: not other.is_running(), 5)
    assert path.exists()
    other.stop()


def test_a_stale_lock_that_names_another_program_is_removed(cluster: Cluster) -> None:
    path = lock(cluster, os.getpid())
    cluster.clear_stale_lock()
    assert not path.exists()


@pytest.mark.parametrize("content", ["", "nonsense\n"])
def test_a_damaged_lock_does_no_harm(cluster: Cluster, content: str) -> None:
    path = cluster.home / "postmaster.pid"
    path.write_text(content)
    cluster.clear_stale_lock()
    assert not path.exists()


def test_the_server_listens_on_the_loopback_interface_only_and_ends_quickly(cluster: Cluster) -> None:
    child = cluster.child(5433)
    assert "listen_addresses=127.0.0.1" in child.argv
    assert "unix_socket_directories=" in child.argv
    assert child.stop_signal == signal.SIGINT
    assert "secret" not in " ".join(str(part) for part in child.argv)


def test_redis_keeps_what_it_is_given_behind_a_password(tmp_path: Path) -> None:
    broker = redis.Broker(redis.Binary(Path("/usr/bin/redis-server"), "system"), tmp_path, "secret", tmp_path / "log")
    child = broker.child(6380)
    config = tmp_path / "redis-server" / "server.conf"
    assert config.stat().st_mode & 0o777 == 0o600
    lines = config.read_text().splitlines()
    wanted = {"bind 127.0.0.1", "port 6380", "requirepass secret", "appendonly yes", "appendfsync everysec"}
    assert wanted | {"maxmemory-policy noeviction"} <= set(lines)
    assert "secret" not in " ".join(str(part) for part in child.argv)
    assert child.mark == "redis-server 127.0.0.1:6380"


def test_an_unknown_kind_of_server_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUDDYING_SERVERS", "wheels")
    with pytest.raises(Trouble, match="BUDDYING_SERVERS is 'wheels'"):
        servers.servers_wanted()


def test_keys_are_made_once_and_kept_private(tmp_path: Path) -> None:
    first = keys.kept_keys(tmp_path)
    assert keys.kept_keys(tmp_path) == first
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    assert set(first) == set(keys.KINDS)


@pytest.mark.parametrize("damage", ["", "[]", '{"secret_key": "x"}'])
def test_damaged_keys_are_never_replaced(tmp_path: Path, damage: str) -> None:
    (tmp_path / "keys.json").write_text(damage)
    with pytest.raises(Trouble, match="is damaged"):
        keys.kept_keys(tmp_path)
    assert (tmp_path / "keys.json").read_text() == damage
