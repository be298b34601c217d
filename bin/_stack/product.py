"""The product's own processes."""

import urllib.request
from collections.abc import Mapping
from pathlib import Path

from _stack.folders import ROOT
from _stack.packages import PYTHON
from _stack.ports import LOOPBACK
from _stack.processes import Child


def product(environment: Mapping[str, str], log: Path, run: Path, port: int) -> list[Child]:
    """In the order in which they start; the web server is the last."""
    manage = [str(PYTHON), str(ROOT / "manage.py")]
    celery = [str(PYTHON), "-m", "celery", "-A", "buddying"]
    mail_port = environment["BUDDYING_SMTP_URL"].rpartition(":")[2]
    commands = {
        "mail": [*manage, "run_mail_sink", "--port", mail_port],
        "worker": [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2", "--without-mingle"],
        "outbox": [*manage, "run_outbox"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(run / "beat-schedule")],
        "web": [str(PYTHON), "-m", "gunicorn", "buddying.wsgi:application", *web_options(port)],
    }
    return [
        Child(name, argv, log / f"{name}.log", environment, ROOT, mark=" ".join(argv[1:]))
        for name, argv in commands.items()
    ]


def web_options(port: int) -> list[str]:
    numbers = {"workers": 2, "threads": 4, "graceful-timeout": 5}
    return [
        f"--bind={LOOPBACK}:{port}",
        *(f"--{name}={number}" for name, number in numbers.items()),
        "--preload",
        "--no-control-socket",
    ]


def is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/health/", timeout=5) as answer:  # nosec B310
            return bool(answer.status == 200)
    except OSError:
        return False
