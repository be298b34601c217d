"""Fetching what somebody else's address answers, without letting it reach into our own network.

The name is resolved once, every answer must be public, and the connection goes to that very address with the name
kept for TLS and ``Host``: a name that resolves otherwise a moment later changes nothing. No redirects, no
compression, 2 MB, 5 seconds for everything.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.conf import settings

SECONDS = 5.0
BYTES = 2 * 1024 * 1024
PORTS = {443, 8443}
TRANSLATED = [IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48")]  # NAT64: an IPv4 address in disguise

STATUS = {401: "locked", 403: "locked", 404: "gone", 410: "gone"}


class Failed(Exception):
    """``problem`` is one of ``BusyCalendar.PROBLEMS``."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Answer:
    """``content`` is None where nothing has changed since the last time."""

    content: bytes | None
    etag: str = ""
    last_modified: str = ""


def normal(address: str) -> str:
    """The address as it is fetched. Raises ``Failed`` for one that never is."""
    try:
        url = urlsplit(address.strip())
        port, host = url.port, url.hostname or ""
        host.encode("idna")
    except (ValueError, UnicodeError):
        raise Failed("refused") from None
    if url.scheme not in ("https", "webcal") or not host or "@" in url.netloc or " " in address.strip():
        raise Failed("refused")
    if port not in PORTS | {None} and not settings.LOCAL_CALENDARS:
        raise Failed("refused")
    return urlunsplit(("https", url.netloc, url.path or "/", url.query, ""))


def fetch(address: str, etag: str = "", last_modified: str = "") -> Answer:
    """Raises ``Failed``."""
    url, deadline = urlsplit(normal(address)), time.monotonic() + SECONDS
    try:
        with _connection(url, deadline) as connection:
            connection.request("GET", _target(url), headers=_headers(etag, last_modified))
            answer = _answer(connection.getresponse())
    except ssl.SSLCertVerificationError:
        raise Failed("insecure") from None
    except (OSError, http.client.HTTPException, UnicodeError):
        raise Failed("slow" if time.monotonic() >= deadline else "unreachable") from None
    if time.monotonic() >= deadline:  # what was read may have been cut off
        raise Failed("slow")
    return answer


def may_be_reached(found: str) -> bool:
    """A public address, and no other one in disguise."""
    address = ip_address(found.partition("%")[0])
    if settings.LOCAL_CALENDARS and not settings.PRODUCTION and address == IPv4Address("127.0.0.1"):
        return True
    ours = address.is_multicast or address.is_reserved or getattr(address, "is_site_local", False)
    return address.is_global and not ours and not _is_disguised(address)


def _is_disguised(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return False
    carries = address.ipv4_mapped or address.sixtofour or address.teredo
    return bool(carries) or any(address in network for network in TRANSLATED)


def _resolved(host: str, port: int, deadline: float) -> str:
    """The first address of the name; refused if any of them is not public. A resolver has no time limit of its own."""
    pool = ThreadPoolExecutor(1)
    try:
        asked = pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = [str(info[4][0]) for info in asked.result(timeout=_left(deadline))]
    except TimeoutError:
        raise Failed("slow") from None
    finally:
        pool.shutdown(wait=False)
    if not found or not all(map(may_be_reached, found)):
        raise Failed("refused")
    return found[0]


@contextmanager
def _connection(url: SplitResult, deadline: float) -> Iterator[http.client.HTTPConnection]:
    host, port = url.hostname or "", url.port or 443
    at = _resolved(host, port, deadline)
    plain = socket.create_connection((at, port), timeout=_left(deadline))
    secured = ssl.create_default_context().wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    # A server that drips byte by byte never meets the socket's own time limit: somebody else hangs up.
    hang_up = threading.Timer(_left(deadline), _shut, [secured])
    hang_up.start()
    connection = http.client.HTTPConnection(host, port)
    connection.sock = secured
    try:
        secured.do_handshake()
        yield connection
    finally:
        hang_up.cancel()
        connection.close()
        secured.close()


def _left(deadline: float) -> float:
    return max(0.01, deadline - time.monotonic())


def _shut(connection: socket.socket) -> None:
    """Not the method of the TLS socket, which pulls the rug from under the thread that reads."""
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _target(url: SplitResult) -> str:
    return urlunsplit(("", "", url.path, url.query, ""))


def _headers(etag: str, last_modified: str) -> dict[str, str]:
    known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    asked = {"Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "Buddying", "Connection": "close"}
    return asked | {name: value for name, value in known.items() if value}


def _answer(response: http.client.HTTPResponse) -> Answer:
    if response.status == 304:
        return Answer(None)
    if 300 <= response.status < 400:
        raise Failed("moved")
    if response.status != 200:
        raise Failed(STATUS.get(response.status, "failed"))
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Failed("unreadable")
    content = response.read(BYTES + 1)
    if len(content) > BYTES:
        raise Failed("large")
    if response.length:  # fewer bytes than were promised
        raise Failed("unreachable")
    return Answer(content, _short(response, "ETag", 200), _short(response, "Last-Modified", 60))


def _short(response: http.client.HTTPResponse, name: str, longest: int) -> str:
    value = response.headers.get(name, "")
    return value if len(value) <= longest and value.isprintable() else ""
