"""A mail server with bad days, in a process of its own: it notes each mail that it takes before it says so.

    python -m bench.sending.sink PORT LEDGER FAULTS

One line of the ledger, of LINE bytes, for each mail taken: its Message-ID, a hash of its bytes, and when. FAULTS is
how many mails in 10,000 meet each of these: a 421, the line dropped before the 250, the line dropped after the 250.
Two in a run are left hanging for longer than a sender waits.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import re
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LINE = 36 + 1 + 64 + 1 + 14 + 1
HANGS = (500, 4000)
LONGER_THAN_A_SENDER_WAITS = 25.0


class Sink:
    def __init__(self, ledger: Path, faults: int) -> None:
        self._ledger = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._faults, self._random, self._count = faults, random.Random(7), 0

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return "421 closing" if self._bad_luck() else "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self._count += 1
        if self._faults and self._count in HANGS:
            await asyncio.sleep(LONGER_THAN_A_SENDER_WAITS)
            self._drop(server)
            return "451 too late"
        if self._bad_luck():
            self._drop(server)
            return "451 never said"
        self._note(bytes(envelope.original_content or b""))
        if self._bad_luck():
            asyncio.get_running_loop().call_soon(self._drop, server)
        return "250 OK"

    def _bad_luck(self) -> bool:
        return self._random.randrange(10_000) < self._faults

    def _drop(self, server: SMTP) -> None:
        if server.transport:
            server.transport.close()

    def _note(self, mail: bytes) -> None:
        found = re.search(rb"^Message-ID: <([^@>]+)@", mail, re.MULTILINE)
        assert found
        line = f"{found[1].decode()} {hashlib.sha256(mail).hexdigest()} {time.monotonic():014.3f}\n"
        assert len(line) == LINE
        os.write(self._ledger, line.encode())


async def serve(port: int, ledger: Path, faults: int) -> None:
    sink, loop = Sink(ledger, faults), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="localhost", loop=loop), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
