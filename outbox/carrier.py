"""The line to the mail server: one SMTP connection, opened when first needed, kept for a whole round."""

import smtplib
from contextlib import suppress

from django.core.mail.backends.smtp import EmailBackend


class Away(Exception):
    """The mail server cannot be reached, or will not let us in; no message is to blame."""


class Carrier:
    def __init__(self) -> None:
        self._backend: EmailBackend | None = None

    def carry(self, sender: str, recipient: str, mail: bytes, number: str) -> None:
        """Raises Away before anything was sent, or the OSError (SMTPException is one) of the attempt.

        A server that writes delivery reports as RFC 3461 says is asked for the mail's headers and number in them.
        """
        line = self._connection()
        line.ehlo_or_helo_if_needed()
        line.sendmail(sender, [recipient], mail, ["RET=HDRS", f"ENVID={number}"] if line.has_extn("dsn") else [])

    def close(self) -> None:
        if self._backend:
            with suppress(OSError):
                self._backend.close()
        self._backend = None

    def _connection(self) -> smtplib.SMTP:
        if self._backend is None:
            backend = EmailBackend()
            try:
                backend.open()
            except OSError as error:
                raise Away from error
            self._backend = backend
        assert self._backend.connection is not None
        return self._backend.connection
