"""What an administrator might try, to read what buddies say to each other or to learn who meets whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from buddying.models import Person
from matching.models import Pairing
from sessions_log.models import CoachingSession, Seat

As = Callable[[Person | None], Client]


def form_of(person: Person, **changes: str) -> dict[str, str]:
    kept = {
        "name": person.name,
        "email": person.email or "",
        "time_zone": person.time_zone,
        "language": person.language,
    }
    return kept | changes


def test_nobody_becomes_somebody_by_changing_their_address(as_: As, olga: Person, ada: Person) -> None:
    """The code would go to the administrator, and Ada's notes with it."""
    as_(ada).get("/")
    as_(olga).post(f"/admin/buddying/person/{ada.pk}/change/", form_of(ada, email="olga.too@example.org", team="New"))
    ada.refresh_from_db()
    assert (ada.email, ada.team) == ("ada@example.org", "New")


def test_an_address_is_put_right_until_the_first_log_in(as_: As, olga: Person, ada: Person) -> None:
    as_(olga).post(f"/admin/buddying/person/{ada.pk}/change/", form_of(ada, email="ada.o@example.org"))
    ada.refresh_from_db()
    assert ada.email == "ada.o@example.org"


def test_the_operator_changes_an_address(as_: As, ada: Person, ben: Person) -> None:
    as_(ada).get("/")
    call_command("change_address", "ADA@example.org", "ada.o@example.org", stdout=StringIO())
    assert list(EmailAddress.objects.values_list("user", "email")) == [(ada.pk, "ada.o@example.org")]
    for former, new in (("nobody@example.org", "x@example.org"), ("ada.o@example.org", "ben@example.org")):
        with pytest.raises(CommandError):
            call_command("change_address", former, new, stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("change_address", "ada.o@example.org", "no address", stdout=StringIO())


@pytest.mark.parametrize(
    "question", ["session_seats={seat}", "session_seats__isnull=0", "windows__isnull=0", "reports=1"]
)
def test_the_list_of_people_answers_no_questions(
    as_: As, olga: Person, pairing: Pairing, ada: Person, question: str
) -> None:
    """Two seats with numbers in a row would say who met whom."""
    session = CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now())
    seat = Seat.objects.create(session=session, person=ada, period=(session.starts_at, session.ends_at))
    answer = as_(olga).get("/admin/buddying/person/?" + question.format(seat=seat.pk))
    assert answer.status_code == 400


def test_the_filters_on_show_work(as_: As, olga: Person, pairing: Pairing) -> None:
    browser = as_(olga)
    assert browser.get("/admin/buddying/rolegrant/?role__exact=lead").status_code == 200
    assert browser.get(f"/admin/buddying/cohort/?programme__id__exact={pairing.cohort.programme_id}").status_code == 200
    assert browser.get("/admin/buddying/person/?q=ada").status_code == 200


def test_totals_of_a_handful_are_not_told(as_: As, olga: Person, pairing: Pairing) -> None:
    """The total of one pair is that pair's own number."""
    CoachingSession.objects.create(
        pairing=pairing, starts_at=timezone.now() - timedelta(days=1), held_at=timezone.now()
    )
    (row,) = as_(olga).get("/overview/").context["rows"]
    assert (row.joined, row.paired, row.held, row.booked) == (None, None, None, None)
