from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from sessions_log import fetching
from sessions_log.fetching import Answer, Failed, fetch, may_be_reached, normal
from tests.sessions_log.calendar_server import NAME, Server, running


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Server]:
    settings.LOCAL_CALENDARS = True
    with running(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        yield server


def problem(act: Callable[[], object]) -> str:
    with pytest.raises(Failed) as failed:
        act()
    return failed.value.problem


# --- which addresses


@pytest.mark.parametrize(
    ("given", "fetched"),
    [
        ("https://example.org/a.ics?b=c", "https://example.org/a.ics?b=c"),
        ("webcal://example.org/a.ics", "https://example.org/a.ics"),
        ("  WEBCAL://Example.org/a.ics#there ", "https://Example.org/a.ics"),
        ("https://example.org:8443", "https://example.org:8443/"),
    ],
)
def test_addresses_that_are_fetched(given: str, fetched: str) -> None:
    assert normal(given) == fetched


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.ics",
        "ftp://example.org/a.ics",
        "file:///etc/passwd",
        "example.org/a.ics",
        "",
        "https://",
        "https://name:word@example.org/a.ics",
        "https://example.org:22/a.ics",
        "https://example.org:port/a.ics",
        "https://[::1/a.ics",
        "https://exa mple.org/",
        "https://a..b/",
        "javascript:alert(1)",
    ],
)
def test_addresses_that_never_are(address: str) -> None:
    assert problem(lambda: normal(address)) == "refused"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "64:ff9b::7f00:1", "64:ff9b:1::1", "fec0::1",
    ],
)  # fmt: skip
def test_addresses_of_our_own_network_are_never_reached(address: str) -> None:
    assert not may_be_reached(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are(address: str) -> None:
    assert may_be_reached(address)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:7f00:1]"]
)
def test_this_machine_is_refused_by_any_name(host: str) -> None:
    assert problem(lambda: fetch(f"https://{host}/")) == "refused"


def test_production_never_fetches_from_itself(settings: Any) -> None:
    settings.LOCAL_CALENDARS = settings.PRODUCTION = True
    assert not may_be_reached("127.0.0.1")


def test_one_private_answer_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: found)
    assert problem(lambda: fetch("https://example.org/")) == "refused"


def test_a_name_is_resolved_once_and_kept_for_the_certificate(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second answer would lead elsewhere: it is never asked for."""
    answers = iter(["127.0.0.1", "10.0.0.1"])
    real = socket.getaddrinfo

    def resolve(host: str, *args: Any, **more: Any) -> Any:
        return real(next(answers) if host == NAME else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    server.says(200, b"BEGIN:VCALENDAR")
    assert fetch(f"https://{NAME}:{server.port}/a").content == b"BEGIN:VCALENDAR"
    assert server.asked[0][1]["Host"] == f"{NAME}:{server.port}"
    assert next(answers) == "10.0.0.1"


# --- what it answers


def test_what_is_asked_and_what_comes_back(server: Server) -> None:
    server.says(200, b"BEGIN:VCALENDAR", ETag='"1"', Last_Modified="Fri, 20 Nov 2026 10:00:00 GMT")
    answer = fetch(server.address)
    assert answer == Answer(b"BEGIN:VCALENDAR", '"1"', "Fri, 20 Nov 2026 10:00:00 GMT")
    path, headers = server.asked[0]
    assert path == "/secret.ics?token=abc"
    assert headers["Accept-Encoding"] == "identity"
    assert not {"If-None-Match", "If-Modified-Since", "Cookie", "Referer"} & set(headers)


def test_nothing_new(server: Server) -> None:
    server.says(304)
    assert fetch(server.address, '"1"', "Fri, 20 Nov 2026 10:00:00 GMT") == Answer(None)
    headers = server.asked[0][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"1"', "Fri, 20 Nov 2026 10:00:00 GMT")


@pytest.mark.parametrize(
    ("status", "expected"),
    [(301, "moved"), (302, "moved"), (307, "moved"), (401, "locked"), (403, "locked"), (404, "gone"), (410, "gone"),
     (429, "failed"), (500, "failed"), (204, "failed")],
)  # fmt: skip
def test_other_answers(server: Server, status: int, expected: str) -> None:
    server.says(status, Location="https://127.0.0.1/elsewhere")
    assert problem(lambda: fetch(server.address)) == expected
    assert len(server.asked) == 1


def test_two_megabytes_and_not_a_byte_more(server: Server) -> None:
    server.says(200, b"x" * fetching.BYTES)
    assert len(fetch(server.address).content or b"") == fetching.BYTES
    server.says(200, b"x" * (fetching.BYTES + 1))
    assert problem(lambda: fetch(server.address)) == "large"


def test_a_stream_without_end_is_cut_off(server: Server) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(b"x" * 65536)

    server.answer = endless
    assert problem(lambda: fetch(server.address)) == "large"


def test_compressed_answers_are_not_unpacked(server: Server) -> None:
    server.says(200, b"\x1f\x8b", Content_Encoding="gzip")
    assert problem(lambda: fetch(server.address)) == "unreadable"


def test_fewer_bytes_than_promised_are_no_answer(server: Server) -> None:
    server.says(200, b"BEGIN:VCALENDAR", Content_Length="5000")
    assert problem(lambda: fetch(server.address)) == "unreachable"


@pytest.mark.parametrize("where", ["headers", "body"])
def test_dripping_ends_in_good_time(server: Server, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 1.0)

    def drip(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if where == "body" else b"X-Long: "))
        while True:
            request.wfile.write(b"x")
            time.sleep(0.05)

    server.answer = drip
    began = time.monotonic()
    assert problem(lambda: fetch(server.address)) == "slow"
    assert time.monotonic() - began < 2


def test_silence_ends_in_good_time(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """It takes the connection and never shakes hands."""
    settings.LOCAL_CALENDARS = True
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        assert problem(lambda: fetch(f"https://127.0.0.1:{silent.getsockname()[1]}/")) == "slow"
        assert time.monotonic() - began < 1.5


def test_a_closed_door(settings: Any) -> None:
    settings.LOCAL_CALENDARS = True
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert problem(lambda: fetch(f"https://127.0.0.1:{port}/")) == "unreachable"


def test_a_server_that_nobody_vouches_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    server.says(200, b"BEGIN:VCALENDAR")
    assert problem(lambda: fetch(server.address)) == "insecure"
    assert server.asked == []


def test_what_speaks_another_language(settings: Any) -> None:
    import threading

    settings.LOCAL_CALENDARS = True
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet() -> None:
            peer, _ = other.accept()
            with peer:
                peer.sendall(b"220 mail.example ESMTP\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        assert problem(lambda: fetch(f"https://127.0.0.1:{other.getsockname()[1]}/")) == "unreachable"
        thread.join()
