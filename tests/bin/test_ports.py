import os
import socket
from collections.abc import Iterator

import pytest
from _stack import ports
from _stack.speech import Trouble


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_not_free(taken: int) -> None:
    assert not ports.is_free(taken)
    assert ports.is_free(ports.free_port())


def test_the_next_free_port_is_taken_in_place_of_the_usual(taken: int) -> None:
    assert ports.choose_web_port(None, usual=taken) > taken


def test_a_port_asked_for_is_given_or_the_trouble_names_its_holder_and_another(taken: int) -> None:
    free = ports.free_port()
    assert ports.choose_web_port(free) == free
    with pytest.raises(Trouble) as trouble:
        ports.choose_web_port(taken, usual=taken)
    assert f"port {taken} is taken" in trouble.value.what
    assert "bin/start --port" in trouble.value.way_on
    assert str(taken) not in trouble.value.way_on


@pytest.mark.skipif(not os.path.exists("/proc/net/tcp"), reason="only Linux shows who listens")
def test_the_holder_of_a_port_is_named(taken: int) -> None:
    assert str(ports.holder_of(taken)).endswith(f"process {os.getpid()}")
    assert ports.holder_of(ports.free_port()) is None


def test_a_port_of_root_is_refused_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda port: False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble, match="only root may use port 80"):
        ports.choose_web_port(80)


def test_no_port_at_all_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda port: False)
    with pytest.raises(Trouble, match="none of the ports 8000 to 8099"):
        ports.next_free(8000)


def test_waiting_ends_with_the_answer_or_with_the_time(taken: int) -> None:
    assert ports.wait_until(lambda: ports.answers(taken), 1)
    assert not ports.wait_until(lambda: ports.answers(ports.free_port()), 0.1)
