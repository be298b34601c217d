"""A real IMAP server (pymap) with TLS, for the tests that read a mailbox."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from _stack.ports import LOOPBACK, answers, free_port
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from imapclient import IMAPClient

USER, PASSWORD = "buddying", "a word with @ and /"


@dataclass
class ImapServer:
    """``port`` speaks STARTTLS, ``tls_port`` TLS from the first byte."""

    port: int
    tls_port: int
    certificate: Path

    def put(self, *mails: bytes) -> None:
        with self.inside() as line:
            for mail in mails:
                line.append("INBOX", mail)

    def flags(self) -> list[set[str]]:
        """Of each mail, in the order in which they came."""
        with self.inside() as line:
            found = line.fetch(line.search(), ["FLAGS"])
            return [{flag.decode() for flag in found[key][b"FLAGS"]} - {r"\Recent"} for key in sorted(found)]

    @contextmanager
    def inside(self) -> Iterator[IMAPClient]:
        with IMAPClient(LOOPBACK, self.port, ssl=False) as line:
            line.starttls(ssl.create_default_context(cafile=str(self.certificate)))
            line.login(USER, PASSWORD)
            line.select_folder("INBOX")
            yield line


@contextmanager
def imap_server(folder: Path) -> Iterator[ImapServer]:
    certificate, key = _certificate(folder)
    port = free_port()
    command = [
        *(Path(sys.executable).parent / "pymap", "--host", LOOPBACK, "--port", str(port)),
        *("--cert", certificate, "--key", key, "dict", "--demo-user", USER, "--demo-password", PASSWORD),
    ]
    with open(folder / "pymap.log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait_for(port, process)
        with _tls_in_front_of(port, certificate, key) as tls_port:
            yield ImapServer(port, tls_port, certificate)
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if answers(port):
            return
        assert process.poll() is None, "the IMAP server has ended"
        threading.Event().wait(0.05)
    raise AssertionError("the IMAP server does not answer")


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of its own making for the loopback address, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .issuer_name(name)
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


@contextmanager
def _tls_in_front_of(port: int, certificate: Path, key: Path) -> Iterator[int]:
    """Takes TLS off and passes on; the server behind it is told nothing of it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    loop, started, tls_port = asyncio.new_event_loop(), threading.Event(), free_port()

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while part := await source.read(65536):
            target.write(part)
            await target.drain()
        target.close()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(LOOPBACK, port)
        await asyncio.gather(carry(reader, inner_writer), carry(inner_reader, writer), return_exceptions=True)

    async def serve() -> None:
        await asyncio.start_server(pass_on, LOOPBACK, tls_port, ssl=context)
        started.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_forever()

    threading.Thread(target=run, daemon=True).start()
    assert started.wait(10)
    yield tls_port
    loop.call_soon_threadsafe(loop.stop)
