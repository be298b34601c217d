"""All pairings or none, nobody in two, everybody told once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from buddying.models import Nomination, Refusal
from matching import engine, registry
from matching.changes import changes_since
from matching.models import MatchRun, Pairing, PairingMember, ProposalSeat
from matching.publishing import CannotPublish, publish
from matching.running import CannotStart, request_run
from outbox.kinds import kind_of
from outbox.models import Message
from reflection.models import Agreement

pytestmark = pytest.mark.usefixtures("quiet_broker")


def groups(cohort: Any) -> list[list[str]]:
    pairings = Pairing.objects.filter(cohort=cohort).order_by("pk")
    return [[str(person) for person in pairing.people()] for pairing in pairings]


def told(kind: str = "pairing_published") -> list[str]:
    return sorted(message.recipient.name for message in Message.objects.filter(kind=kind))


def letter(message: Message) -> Any:
    return kind_of(message.kind).compose(message)


def nothing_happened(run: MatchRun) -> bool:
    run.refresh_from_db()
    return not (run.published_at or Pairing.objects.exists() or Message.objects.exists())


def test_publishing_opens_pairings_and_tells_everybody_once(draft: MatchRun, cohort: Any, dora: Any) -> None:
    at = timezone.now()
    publish(draft, dora, at)
    draft.refresh_from_db()
    assert (draft.state, draft.published_at, draft.published_by) == ("published", at, dora)
    assert groups(cohort) == [["Ada", "Ben"], ["Cleo", "Fay"]]
    assert told() == ["Ada", "Ben", "Cleo", "Fay"]
    assert told("waiting_for_buddy") == []
    pairing = Pairing.objects.earliest("pk")
    assert (pairing.opened_at, pairing.run) == (at, draft)
    assert pairing.reasons == draft.proposals.get(number=1).reasons_for_members


def test_a_second_press_does_nothing(draft: MatchRun, cohort: Any, dora: Any, olga: Any) -> None:
    publish(draft, dora)
    draft.refresh_from_db()
    published_at = draft.published_at
    publish(draft, olga)
    draft.refresh_from_db()
    assert (draft.published_at, draft.published_by) == (published_at, dora)
    assert len(groups(cohort)) == 2
    assert Message.objects.count() == 4


def test_another_draft_cannot_follow(draft: MatchRun, cohort: Any, dora: Any, make_draft: Any) -> None:
    other = make_draft(cohort)
    publish(draft, dora)
    with pytest.raises(CannotPublish, match="Dora has already published another draft"):
        publish(other, dora)
    assert len(groups(cohort)) == 2
    with pytest.raises(CannotStart, match="at least two people"):
        request_run(cohort, dora)


@pytest.mark.parametrize("state", ["waiting", "cancelled", "failed"])
def test_only_a_draft_can_be_published(four: Any, cohort: Any, dora: Any, state: str) -> None:
    run = request_run(cohort, dora)
    if state != "waiting":
        MatchRun.objects.filter(pk=run.pk).update(**{f"{state}_at": timezone.now()})
    with pytest.raises(CannotPublish, match="no pairings to publish"):
        publish(run, dora)


def test_somebody_left(draft: MatchRun, four: Any, dora: Any) -> None:
    four["Ada"].left_at = timezone.now()
    four["Ada"].save()
    with pytest.raises(CannotPublish, match=r"^Ada left the cohort, or found a buddy"):
        publish(draft, dora)
    assert nothing_happened(draft)


def test_somebody_was_paired_in_the_meantime(draft: MatchRun, four: Any, dora: Any, make_pairing: Any) -> None:
    make_pairing(four["Ada"], four["Cleo"])
    with pytest.raises(CannotPublish, match=r"^Ada and Cleo left the cohort, or found a buddy"):
        publish(draft, dora)
    assert Message.objects.count() == 0


def test_somebody_was_refused_in_the_meantime(draft: MatchRun, four: Any, dora: Any) -> None:
    Refusal.objects.create(refuser=four["Ben"], refused=four["Ada"])
    with pytest.raises(CannotPublish) as refusal:
        publish(draft, dora)
    assert str(refusal.value) == "1 pairing of this draft is not possible any more. Match again; it takes a moment."
    assert nothing_happened(draft)


def test_somebody_became_a_manager_in_the_meantime(draft: MatchRun, four: Any, dora: Any) -> None:
    four["Cleo"].person.reports.add(four["Fay"].person)
    with pytest.raises(CannotPublish, match=r"^1 pairing of this draft is not possible any more"):
        publish(draft, dora)
    assert nothing_happened(draft)


def test_somebody_was_erased_in_the_meantime(draft: MatchRun, four: Any, dora: Any) -> None:
    four["Fay"].delete()
    with pytest.raises(CannotPublish, match=r"^1 pairing of this draft is not possible any more"):
        publish(draft, dora)
    assert nothing_happened(draft)


def test_a_draft_that_was_tampered_with(draft: MatchRun, four: Any, dora: Any) -> None:
    first, second = draft.proposals.all()
    a, b = first.seats.get(participant=four["Ada"]), second.seats.get(participant=four["Cleo"])
    ProposalSeat.objects.filter(pk=a.pk).update(proposal=second)
    ProposalSeat.objects.filter(pk=b.pk).update(proposal=first)
    with pytest.raises(CannotPublish, match="could not be checked"):
        publish(draft, dora)
    assert nothing_happened(draft)


def test_a_certificate_that_proves_nothing(draft: MatchRun, dora: Any) -> None:
    draft.plan["certificate"]["prices"] = []
    draft.save()
    with pytest.raises(CannotPublish, match="could not be checked"):
        publish(draft, dora)
    assert nothing_happened(draft)


def test_who_is_left_over_is_told_kindly(
    four: Any, cohort: Any, dora: Any, eve: Any, max_: Any, take_part: Any, make_draft: Any
) -> None:
    """Eve was left over by the draft, Max joined after it was made."""
    take_part(eve, cohort)
    run = make_draft(cohort, engine.Policy(odd="wait"))
    left_over = run.cohort.participants.get(pk=run.unplaced[0]["participant"])
    take_part(max_, cohort)
    assert changes_since(run).joined == ["Max"]
    publish(run, dora)
    assert told("waiting_for_buddy") == sorted(["Max", str(left_over)])
    assert len(told()) == 4
    message = Message.objects.filter(kind="waiting_for_buddy").first()
    assert message is not None
    written = letter(message)
    assert written.subject == "A buddy for you is still to be found"
    assert "Dora will be in touch" in written.text


def test_what_changed_since(draft: MatchRun, four: Any, cohort: Any, eve: Any, take_part: Any) -> None:
    assert changes_since(draft).sentences == []
    Nomination.objects.filter(nominator=four["Cleo"]).delete()
    Nomination.objects.create(nominator=four["Fay"], nominee=four["Cleo"], rank=1)
    take_part(eve, cohort)
    assert changes_since(draft).sentences == [
        "Eve joined after this draft was made and would be left waiting.",
        "2 people have changed whom they name since.",
    ]
    four["Cleo"].left_at = timezone.now()
    four["Cleo"].save()
    assert changes_since(draft).gone == ["Cleo"]
    assert changes_since(draft).new_wishes == 0


def test_floors_above_act_in_the_same_transaction(draft: MatchRun, cohort: Any, dora: Any, monkeypatch: Any) -> None:
    opened: list[tuple[list[str], datetime]] = []

    def note(pairings: Sequence[Pairing], at: datetime) -> None:
        opened.extend(([str(person) for person in pairing.people()], at) for pairing in pairings)

    monkeypatch.setattr(registry, "when_opened", [note])
    at = timezone.now()
    publish(draft, dora, at)
    publish(draft, dora, at)
    assert opened == [(["Ada", "Ben"], at), (["Cleo", "Fay"], at)]


def test_a_floor_above_that_fails_takes_everything_back(draft: MatchRun, dora: Any, monkeypatch: Any) -> None:
    def fail(pairings: Sequence[Pairing], at: datetime) -> None:
        raise RuntimeError

    monkeypatch.setattr(registry, "when_opened", [fail])
    with pytest.raises(RuntimeError):
        publish(draft, dora)
    assert nothing_happened(draft)


def test_publishing_asks_as_much_for_many_pairings_as_for_one(
    make_cohort: Any, dora: Any, make_person: Any, take_part: Any, make_draft: Any
) -> None:
    asked = []
    for pairs in (1, 3):
        cohort = make_cohort(f"Of {pairs}")
        for number in range(2 * pairs):
            take_part(make_person(f"Person{pairs}{number}"), cohort)
        run = make_draft(cohort)
        with CaptureQueriesContext(connection) as queries:
            publish(run, dora)
        asked.append(len(queries))
        assert Agreement.objects.filter(pairing__cohort=cohort).count() == pairs
    assert asked[0] == asked[1]


def test_the_mail_names_the_buddy_and_nobody_s_wishes(draft: MatchRun, cohort: Any, ada: Any, dora: Any) -> None:
    publish(draft, dora)
    written = letter(Message.objects.get(recipient=ada))
    assert written.subject == "You are paired with Ben"
    for body in (written.text, written.html):
        assert "Ben" in body
        assert "named" not in body
        assert "Cleo" not in body


def test_names_reach_the_mail_as_they_are(draft: MatchRun, ada: Any, ben: Any, dora: Any) -> None:
    ben.name = "Seán O'Brien <b>"
    ben.save()
    publish(draft, dora)
    written = letter(Message.objects.get(recipient=ada))
    assert written.subject == "You are paired with Seán O'Brien <b>"
    assert "Seán O'Brien <b>" in written.text
    assert "O&#x27;Brien &lt;b&gt;" in written.html


def test_a_mail_about_a_pairing_that_closed_is_dropped(draft: MatchRun, ada: Any, dora: Any) -> None:
    publish(draft, dora)
    Pairing.objects.earliest("pk").close()
    assert letter(Message.objects.get(recipient=ada)) is None


def test_a_mail_to_somebody_who_found_a_buddy_is_dropped(
    four: Any, cohort: Any, eve: Any, fay: Any, dora: Any, take_part: Any, make_draft: Any, make_pairing: Any
) -> None:
    take_part(eve, cohort)
    publish(make_draft(cohort, engine.Policy(odd="wait")), dora)
    message = Message.objects.get(kind="waiting_for_buddy")
    assert letter(message) is not None
    pairing = Pairing.objects.earliest("pk")
    participant = cohort.participants.get(person=message.recipient)
    PairingMember.objects.create(pairing=pairing, participant=participant)
    assert letter(message) is None


@pytest.mark.django_db(transaction=True)
def test_two_leads_press_at_once(four: Any, cohort: Any, dora: Any, olga: Any, make_draft: Any) -> None:
    drafts = [make_draft(cohort), make_draft(cohort)]
    answers = at_once([lambda: publish(drafts[0], dora), lambda: publish(drafts[1], olga)])
    assert sorted(type(answer).__name__ for answer in answers) == ["CannotPublish", "NoneType"]
    refused = next(answer for answer in answers if answer)
    assert "has already published another draft of this cohort" in str(refused)
    assert MatchRun.objects.filter(published_at__isnull=False).count() == 1
    assert PairingMember.objects.count() == 4
    assert Message.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_one_lead_presses_twice_at_once(four: Any, cohort: Any, dora: Any, make_draft: Any) -> None:
    draft = make_draft(cohort)
    assert at_once([lambda: publish(draft, dora)] * 3) == [None] * 3
    assert PairingMember.objects.count() == 4
    assert Message.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_leads_start_at_once(four: Any, cohort: Any, dora: Any, olga: Any) -> None:
    runs = at_once([lambda: request_run(cohort, dora), lambda: request_run(cohort, olga)])
    assert runs[0] == runs[1]
    assert MatchRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_somebody_leaves_while_pairs_are_published(four: Any, cohort: Any, dora: Any, make_draft: Any) -> None:
    """Either the draft is refused, or they leave a pairing that is open: never a pairing with somebody gone."""
    draft = make_draft(cohort)

    def leave() -> None:
        cohort.participants.filter(pk=four["Ada"].pk).update(left_at=timezone.now())

    answers = at_once([lambda: publish(draft, dora), leave])
    draft.refresh_from_db()
    assert (answers[0] is None) == bool(draft.published_at)
    if answers[0]:
        assert "Ada left the cohort" in str(answers[0])


def at_once(calls: list[Any]) -> list[Any]:
    """What each call returned or raised, all called at the same moment."""
    answers: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def work(number: int) -> None:
        close_old_connections()
        start.wait()
        try:
            answers[number] = calls[number]()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
