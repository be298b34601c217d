"""The line to the mail server: one SMTP connection, opened when first needed, kept for a whole round."""

import smtplib
from contextlib import suppress

from django.core.mail.backends.smtp import EmailBackend


class Away(Exception):
    """The mail server cannot be reached, or will not let us in; no message is to blame."""


class Carrier:
    def __init__(self) -> None:
        self._backend: EmailBackend | None = None

    def carry(self, sender: str, recipient: str, mail: bytes) -> None:
        """Raises Away before anything was sent, or the OSError (SMTPException is one) of the attempt."""
        self._connection().sendmail(sender, [recipient], mail)

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
