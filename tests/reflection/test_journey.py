"""From the third log to the changed agreement, for a pair and for three, all of it on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from buddying.models import Participant, Person
from matching.models import Pairing
from outbox.models import Message
from reflection import agreeing
from reflection.models import Agreement, ReflectionPrompt
from sessions_log.models import CoachingSession, Seat

As = Callable[[Person | None], Client]
HELD = {"outcome": "held"}


@pytest.fixture(params=["a pair", "a trio"])
def together(
    request: pytest.FixtureRequest, participants: dict[str, Participant], make_pairing: Callable[..., Pairing]
) -> Pairing:
    """Signed, with three sessions behind them that nobody has logged."""
    members = list(participants.values()) if request.param == "a trio" else list(participants.values())[:2]
    pairing = make_pairing(*members)
    agreeing.draft_for(pairing, timezone.now())
    for person in pairing.people():
        agreement = pairing.agreements.get()
        agreeing.sign(pairing, agreement, by=person, read_at=agreement.written_at)
    for week in (3, 2, 1):
        session = CoachingSession.objects.create(
            pairing=pairing, starts_at=timezone.now() - timedelta(weeks=week), minutes=60
        )
        Seat.objects.bulk_create(
            Seat(session=session, person=person, period=(session.starts_at, session.ends_at))
            for person in pairing.people()
        )
    return pairing


def log_as(client: Client, session: CoachingSession) -> None:
    assert client.post(f"/sessions/{session.pk}/log/", HELD).status_code == 302


def home_of(client: Client) -> str:
    return client.get("/").content.decode()


def test_from_the_third_log_to_the_changed_agreement(as_: As, together: Pairing) -> None:
    people = together.people()
    clients = {person: as_(person) for person in people}
    sessions = list(together.sessions.order_by("starts_at"))
    for session in sessions[:2]:
        for client in clients.values():
            log_as(client, session)
    assert not ReflectionPrompt.objects.exists()
    log_as(clients[people[-1]], sessions[2])

    prompts = {prompt.person: prompt for prompt in ReflectionPrompt.objects.all()}
    assert set(prompts) == set(people)
    assert Message.objects.filter(kind="reflection_prompt").count() == len(people)
    for number, person in enumerate(people):
        _reflects_alone(clients[person], prompts[person], person)
        others_to_come = people[number + 1 :]
        joint = clients[person].get(f"/pairings/{together.pk}/reflection/").content.decode()
        assert ("Fifteen minutes together" in joint) == (not others_to_come)
        assert all(f"{other.name} shares." not in joint for other in people if other != person and others_to_come)

    for number, client in enumerate(clients.values(), start=1):
        has_looked = number == len(people)
        assert ("all reflected" in home_of(client) or "both reflected" in home_of(client)) != has_looked
        joint = client.get(f"/pairings/{together.pk}/reflection/").content.decode()
        assert [f"{other.name} shares." in joint for other in people] == [True] * len(people)
        assert [f"{other.name} keeps." in joint for other in people] == [False] * len(people)
        assert f"/pairings/{together.pk}/agreement/?change" in joint

    _changes_the_rhythm(clients, together)


def _reflects_alone(client: Client, prompt: ReflectionPrompt, person: Person) -> None:
    assert "Take a moment to reflect" in home_of(client)
    answers = {"works": f"{person.name} shares. {person.name} keeps.", "balance": "3", "rhythm": "1"}
    sharing = client.post(f"/reflections/{prompt.pk}/", answers)["Location"]
    form = client.get(sharing).context["form"]
    (shared,) = [token for token, text in form.fields["shared"].choices if text == f"{person.name} shares."]
    client.post(sharing, {"shared": [shared]})


def _changes_the_rhythm(clients: dict[Person, Client], pairing: Pairing) -> None:
    """One writes it down, all sign; until the last has signed the earlier version holds."""
    people = list(clients)
    page = f"/pairings/{pairing.pk}/agreement/"
    form = clients[people[0]].get(f"{page}?change").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    (rhythm,) = [name for name, value in typed.items() if value == "Rhythm"]
    typed[rhythm.replace("heading", "words")] = "We meet every week."
    assert clients[people[0]].post(page, typed).status_code == 302
    for number, person in enumerate(people, start=1):
        newest = agreeing.latest(pairing)
        assert newest is not None
        assert "We meet every week." in clients[person].get(page).content.decode()
        signed = {"version": newest.version, "read_at": newest.written_at.isoformat()}
        clients[person].post(f"{page}signature/", signed)
        in_force = agreeing.in_force(pairing)
        assert in_force is not None
        assert in_force.version == (2 if number == len(people) else 1)
    assert Agreement.objects.filter(pairing=pairing).count() == 2
