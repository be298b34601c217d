"""The daily mail: everything in it once, nothing lost, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from outbox import digests, kinds
from outbox.delivery import PAUSE, drain
from outbox.groups import NUDGES
from outbox.kinds import Kind, Letter
from outbox.models import LEASE, DropReason, MailChoices, Message
from outbox.posting import withdraw
from tests.outbox.conftest import DROP_THE_LINE, NINE, Sink, free_port, words

pytestmark = pytest.mark.django_db

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
EIGHT = NINE + 23 * HOUR  # the next morning


def by_key(message: Message) -> Letter:
    return Letter(f"About {message.key}", "Text.\n", url=f"https://buddying.example.org/{message.key}/")


@pytest.fixture(autouse=True)
def nudge(register: Callable[..., Kind]) -> Kind:
    digests.register_kind()
    return register(by_key, group=NUDGES)


@pytest.fixture(autouse=True)
def daily(ada: Any) -> MailChoices:
    return MailChoices.objects.create(person=ada, nudges="daily")


def ends() -> dict[str, Any]:
    rows = Message.objects.exclude(kind="digest").order_by("key")
    return {m.key: m.sent_at or m.failed_at or m.drop_reason or None for m in rows}


def test_what_waits_comes_in_one_mail_with_a_line_and_a_link_each(sink: Sink, posted: Callable[..., Message]) -> None:
    for n in (1, 2):
        posted(f"n{n}", due_at=NINE - (3 - n) * MINUTE)
    assert [drain(at=NINE), drain(at=EIGHT - MINUTE), drain(at=EIGHT), drain(at=EIGHT + DAY)] == [0, 0, 1, 0]
    (received,) = sink.taken
    assert received.mail["Subject"] == "About n1, and 1 more"
    text = words(received.mail.get_body(("plain",)))
    assert "- About n1\n  https://buddying.example.org/n1/\n\n- About n2\n  https://buddying.example.org/n2/\n" in text
    assert ends() == {"n1": EIGHT, "n2": EIGHT}
    assert received.mail["List-Unsubscribe"] is not None


def test_no_mail_when_nothing_is_wanted_any_more(sink: Sink, posted: Callable[..., Message]) -> None:
    posted("n1")
    drain(at=NINE)
    assert withdraw(key_prefix="n1") == 1
    assert drain(at=EIGHT) == 0
    assert (sink.arrived, ends()) == ([], {"n1": DropReason.WITHDRAWN})
    assert Message.objects.get(kind="digest").drop_reason == DropReason.NO_LONGER_WANTED


def test_what_is_switched_off_meanwhile_falls_out(
    sink: Sink, posted: Callable[..., Message], daily: MailChoices
) -> None:
    posted("n1")
    drain(at=NINE)
    daily.stop(NUDGES)
    assert drain(at=EIGHT) == 0
    assert ends() == {"n1": DropReason.SWITCHED_OFF}


def test_what_cannot_wait_until_then_comes_at_once(sink: Sink, posted: Callable[..., Message]) -> None:
    posted("n1", expires_at=EIGHT)
    assert drain(at=NINE) == 1
    assert ends() == {"n1": NINE}


def test_what_may_not_be_in_it_comes_at_once(
    sink: Sink, posted: Callable[..., Message], monkeypatch: pytest.MonkeyPatch, no_kinds: None
) -> None:
    monkeypatch.setitem(kinds._kinds, "reminder", Kind("reminder", "R", by_key, group=NUDGES, may_digest=False))
    posted("n1")
    assert drain(at=NINE) == 1


def test_another_day_another_mail(sink: Sink, posted: Callable[..., Message]) -> None:
    posted("n1")
    drain(at=NINE)
    posted("n2", due_at=EIGHT + MINUTE)
    assert [drain(at=EIGHT), drain(at=EIGHT + MINUTE), drain(at=EIGHT + DAY)] == [1, 0, 1]
    assert ends() == {"n1": EIGHT, "n2": EIGHT + DAY}


def test_one_mail_a_day_also_when_its_hour_is_moved(
    sink: Sink, posted: Callable[..., Message], daily: MailChoices
) -> None:
    posted("n1")
    drain(at=NINE)
    drain(at=EIGHT)
    MailChoices.objects.update(digest_at="18:00")
    posted("n2", due_at=EIGHT + HOUR)
    assert [drain(at=EIGHT + HOUR), drain(at=EIGHT + 10 * HOUR), drain(at=EIGHT + 34 * HOUR)] == [0, 0, 1]
    assert ends() == {"n1": EIGHT, "n2": EIGHT + 34 * HOUR}


def test_what_comes_while_it_is_on_its_way_goes_into_the_next(sink: Sink, posted: Callable[..., Message]) -> None:
    posted("n1")
    drain(at=NINE)
    (taken,) = Message.objects.claim(5, EIGHT)
    posted("n2", due_at=EIGHT - MINUTE)
    late = Message.objects.get(key="n2")
    (claimed,) = Message.objects.claim(5, EIGHT - MINUTE / 2)
    assert claimed == late
    assert digests.set_aside(claimed, EIGHT)
    late.refresh_from_db()
    assert (late.digest_id != taken.pk, late.digest.due_at) == (True, EIGHT + DAY)


# --- Nothing is lost, and nothing told twice


def test_a_line_that_is_dropped_leads_to_the_same_bytes_again(sink: Sink, posted: Callable[..., Message]) -> None:
    for n in (1, 2):
        posted(f"n{n}")
    drain(at=NINE)
    sink.answers["DATA"].append(DROP_THE_LINE)
    assert drain(at=EIGHT) == 0
    assert ends() == {"n1": None, "n2": None}
    assert drain(at=EIGHT + MINUTE) == 1
    assert ends() == {"n1": EIGHT + MINUTE, "n2": EIGHT + MINUTE}
    assert len(sink.arrived) == 2
    assert len({received.content for received in sink.arrived}) == 1


def test_a_sender_that_dies_before_sending_loses_nothing(sink: Sink, posted: Callable[..., Message]) -> None:
    posted("n1")
    drain(at=NINE)
    (digest,) = Message.objects.claim(1, EIGHT)
    assert kinds.kind_of("digest").compose(digest) is not None
    assert drain(at=EIGHT + LEASE) == 1
    assert ends() == {"n1": EIGHT + LEASE}


def test_without_a_mail_server_it_waits(sink: Sink, posted: Callable[..., Message], settings: Any) -> None:
    posted("n1")
    drain(at=NINE)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    assert drain(at=EIGHT) == 0
    settings.EMAIL_PORT = port
    assert drain(at=EIGHT + PAUSE) == 1
    assert ends() == {"n1": EIGHT + PAUSE}


def test_refused_for_good_everything_in_it_has_failed(sink: Sink, posted: Callable[..., Message]) -> None:
    posted("n1")
    drain(at=NINE)
    sink.answers["RCPT"].append("550 no such user")
    drain(at=EIGHT)
    assert ends() == {"n1": EIGHT}
    assert Message.objects.failed().count() == 2


def test_one_that_cannot_be_written_holds_up_nobody(sink: Sink, posted: Callable[..., Message]) -> None:
    def broken(message: Message) -> Letter:
        if message.key == "n1":
            raise KeyError("what Ada told Ben")
        return by_key(message)

    kinds._kinds["reminder"] = Kind("reminder", "R", broken, group=NUDGES)
    for n in (1, 2):
        posted(f"n{n}")
    drain(at=NINE)
    assert drain(at=EIGHT) == 1
    assert ends() == {"n1": None, "n2": EIGHT}
    first = Message.objects.get(key="n1")
    assert (first.digest, first.attempts, first.last_error) == (None, 1, "KeyError")


def test_a_daily_mail_that_is_dropped_gives_back_what_waited(sink: Sink, posted: Callable[..., Message]) -> None:
    posted("n1")
    drain(at=NINE)
    withdraw(key_prefix="digest")
    assert digests.release_what_was_left(timezone.now()) == 1
    assert Message.objects.get(key="n1").digest is None


def test_a_pause_delays_it(sink: Sink, posted: Callable[..., Message], daily: MailChoices) -> None:
    posted("n1")
    drain(at=NINE)
    MailChoices.objects.update(paused_until=(NINE + 3 * DAY).date())
    assert [drain(at=EIGHT), drain(at=EIGHT + 2 * DAY)] == [0, 1]
    assert ends() == {"n1": EIGHT + 2 * DAY}
