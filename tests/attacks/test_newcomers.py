"""Somebody who is put into a pair later reads nothing that was said before they came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Participant, Person
from matching.models import Pairing, PairingMember
from reflection import agreeing
from sessions_log.booking import book
from sessions_log.logs import Log, log
from sessions_log.models import CoachingSession, Commitment, SharedNote
from sessions_log.proposals import choose, propose


def test_a_newcomer_reads_nothing_of_before(
    pairing: Pairing,
    participants: dict[str, Participant],
    ada: Person,
    cleo: Person,
    as_: Callable[[Person | None], Client],
) -> None:
    begun = timezone.now() - timedelta(days=2)
    Pairing.objects.filter(pk=pairing.pk).update(opened_at=begun - timedelta(days=1))
    pairing.members.update(joined_at=begun - timedelta(days=1))
    session = CoachingSession.objects.create(pairing=pairing, starts_at=begun)
    log(session, ada, Log("held", shared_note="Between us two", commitments=["Tell nobody"]))
    PairingMember.objects.create(pairing=pairing, participant=participants["Cleo"], joined_at=timezone.now())
    assert not SharedNote.objects.visible_to(cleo).exists()
    assert not Commitment.objects.visible_to(cleo).exists()
    assert not CoachingSession.objects.visible_to(cleo).filter(pk=session.pk).exists()
    assert "Between us two" not in as_(cleo).get(f"/pairings/{pairing.pk}/").content.decode()
    assert as_(cleo).get(f"/sessions/{session.pk}/").status_code == 404
    assert "Between us two" in as_(ada).get(f"/pairings/{pairing.pk}/").content.decode()


def test_a_newcomer_reads_no_word_and_no_proposal_of_before(
    pairing: Pairing,
    participants: dict[str, Participant],
    ada: Person,
    ben: Person,
    cleo: Person,
    as_: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not even with a session that is still to come."""
    monkeypatch.setattr("sessions_log.booking.booking_conditions", [])
    now = timezone.now()
    session = book(pairing, now + timedelta(days=3), 60, "", ada, word="WORD-OF-BEFORE")
    proposal = propose(pairing, [now + timedelta(days=5)], 60, "", by=ada, note="NOTE-OF-BEFORE")
    PairingMember.objects.create(pairing=pairing, participant=participants["Cleo"], joined_at=timezone.now())
    later = choose(proposal, now + timedelta(days=5), by=ben)
    assert as_(cleo).get(f"/proposals/{proposal.pk}/").status_code == 404
    for one, words in ((session, "WORD-OF-BEFORE"), (later, "NOTE-OF-BEFORE")):
        assert words not in as_(cleo).get(f"/sessions/{one.pk}/").content.decode()
        assert words in as_(ben).get(f"/sessions/{one.pk}/").content.decode()


def test_a_newcomer_signs_new_words_and_reads_none_of_the_old(
    pairing: Pairing, participants: dict[str, Participant], ada: Person, cleo: Person, as_: Callable[[Person], Client]
) -> None:
    agreeing.draft_for(pairing, timezone.now() - timedelta(days=30))
    agreeing.rewrite(pairing, "Our own old words", by=ada, at=timezone.now() - timedelta(days=29))
    seat = PairingMember.objects.create(pairing=pairing, participant=participants["Cleo"], joined_at=timezone.now())
    agreeing.renew_for(seat, seat.joined_at)
    url = f"/pairings/{pairing.pk}/agreement/"
    assert "Our own old words" not in as_(cleo).get(url).content.decode()
    assert "We, Ada, Ben and Cleo," in as_(cleo).get(url).content.decode()
    old = f"{url}versions/1/"
    assert old not in as_(cleo).get(url).content.decode()
    assert as_(cleo).get(old).status_code == 404
    assert "Our own old words" in as_(ada).get(old).content.decode()


def test_what_changed_shows_a_newcomer_nothing_of_the_time_before(
    pairing: Pairing,
    participants: dict[str, Participant],
    ada: Person,
    ben: Person,
    cleo: Person,
    as_: Callable[[Person], Client],
) -> None:
    now = timezone.now()
    agreeing.rewrite(pairing, "Our own old words", by=ada, at=now - timedelta(days=29))
    for person in (ada, ben):
        agreeing.sign(pairing, pairing.agreements.get(), by=person, read_at=pairing.agreements.get().written_at)
    seat = PairingMember.objects.create(pairing=pairing, participant=participants["Cleo"], joined_at=now)
    agreeing.renew_for(seat, seat.joined_at)
    newest = agreeing.latest(pairing)
    assert newest is not None
    for person in (ada, ben, cleo):
        agreeing.sign(pairing, newest, by=person, read_at=newest.written_at)
    agreeing.rewrite(pairing, "Words of three", by=ada)
    pages = [as_(cleo).get(f"/pairings/{pairing.pk}/agreement/{page}").content.decode() for page in ("", "?change")]
    assert [page for page in pages if "own old" in page] == []
