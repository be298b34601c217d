from outbox.models.addresses import AddressFailure, Failure
from outbox.models.choices import MailChoices
from outbox.models.messages import BACKOFF, LEASE, TRIES, Message
from outbox.models.states import DropReason

__all__ = [
    "BACKOFF",
    "LEASE",
    "TRIES",
    "AddressFailure",
    "DropReason",
    "Failure",
    "MailChoices",
    "Message",
]
