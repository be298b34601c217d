"""The product as it runs in production, with the demo in it: hashed and compressed static files, TLS, no debugging.

Straight from its own web server and by HTTP/1.1: a proxy with HTTP/2 in front can only make it quicker.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from _stack import testing
from _stack.folders import ROOT, make_folder
from _stack.ports import LOOPBACK, free_port, wait_until
from _stack.processes import Child, adopt_orphans, interrupt, on_a_request_to_stop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MANAGE = ROOT / "manage.py"


@contextmanager
def product() -> Iterator[str]:
    """Its address. The environment of this process then names its database and its keys."""
    on_a_request_to_stop(interrupt)
    adopt_orphans()
    make_folder(testing.LOGS)
    with testing.scratch() as folder, testing.servers(folder) as environment:
        port = free_port()
        _manage(["migrate", "--noinput"], environment, folder)
        _manage(["load_demo"], environment | {"BUDDYING_MODE": "demo"}, folder)
        deployed = environment | testing.DEPLOYED | _place(port)
        _manage(["collectstatic", "--noinput", "--clear"], deployed, folder)
        os.environ.update(environment)
        web = _web(folder, port, deployed)
        web.start()
        try:
            _wait_for(web, port)
            yield deployed["BUDDYING_BASE_URL"]
        finally:
            web.stop()


def _place(port: int) -> dict[str, str]:
    return {"BUDDYING_HOSTS": LOOPBACK, "BUDDYING_BASE_URL": f"https://{LOOPBACK}:{port}"}


def _manage(command: list[str], environment: dict[str, str], folder: Path) -> None:
    with open(folder / "manage.log", "ab") as log:
        done = subprocess.run([sys.executable, MANAGE, *command], env=environment, cwd=ROOT, stdout=log, stderr=log)
    if done.returncode:
        raise SystemExit(f"manage.py {command[0]} failed:\n{(folder / 'manage.log').read_text()[-3000:]}")


def _web(folder: Path, port: int, environment: dict[str, str]) -> Child:
    certificate, key = _certificate(folder)
    options = ["--workers=2", "--threads=4", "--preload", "--no-control-socket", "--keep-alive=15"]
    argv = [sys.executable, "-m", "gunicorn", "buddying.wsgi:application", f"--bind={LOOPBACK}:{port}", *options,
            f"--certfile={certificate}", f"--keyfile={key}"]  # fmt: skip
    return Child("web", argv, testing.LOGS / "bench-web.log", environment, ROOT)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """For this machine and this hour; the browser is told to take it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, LOOPBACK)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "web.crt", folder / "web.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret


def _wait_for(web: Child, port: int) -> None:
    anything = ssl.create_default_context()
    anything.check_hostname, anything.verify_mode = False, ssl.CERT_NONE

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"https://{LOOPBACK}:{port}/health/", timeout=5, context=anything) as answer:
                return bool(answer.status == 200)
        except OSError:
            return not web.is_running()

    if not wait_until(answers, 60) or not web.is_running():
        raise SystemExit(f"The web server does not answer:\n{web.last_words(20)}")
