from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buddying.models import Cohort, ImportDraft, Invitation, Nomination, Participant, Person, Programme

pytestmark = pytest.mark.django_db
As = Callable[[Person | None], Client]

PEOPLE = b"id,label,email,shoe\n1,Ann,ann@x.org,40\n2,Bob,,41\n"
NAMED = b"from_id,to_id,rank_or_weight,kind\n1,2,1,advice\n2,1,1,friendship\n"


def page(name: str, cohort: Cohort) -> str:
    return reverse(f"buddying:{name}", args=[cohort.pk])


def upload(client: Client, cohort: Cohort, people: bytes = PEOPLE, named: bytes = b"", **more: Any) -> Any:
    files = {"people": SimpleUploadedFile("people.csv", people)} if people else {}
    files |= {"nominations": SimpleUploadedFile("named.csv", named)} if named else {}
    return client.post(page("import_people", cohort), files | more)


def test_from_upload_to_people(nominating_cohort: Cohort, dora: Person, as_: As) -> None:
    client = as_(dora)
    answer = upload(client, nominating_cohort, PEOPLE, NAMED)
    assert answer["Location"] == page("import_preview", nominating_cohort)
    look = client.get(answer["Location"])
    assert look.context["plan"].undecided
    assert "Not used in people.csv: shoe." in look.content.decode()
    assert not Participant.objects.exists()
    choices = {"kinds": ["advice"], "rest": "also", "address_pattern": "{label}@example.org", "agreed": "on"}
    assert client.post(page("import_preview", nominating_cohort), choices).status_code == 302
    look = client.get(page("import_preview", nominating_cohort))
    assert look.context["plan"].ready
    answer = client.post(page("import_confirmation", nominating_cohort), choices)
    assert answer["Location"] == page("people", nominating_cohort)
    emails = Participant.objects.present().values_list("person__email", flat=True)
    assert sorted(emails) == ["ann@x.org", "bob@example.org"]
    assert Nomination.objects.count() == 1
    assert not ImportDraft.objects.exists()
    assert not Invitation.objects.exists()


def test_who_has_not_agreed_is_invited_by_the_lead(nominating_cohort: Cohort, dora: Person, as_: As) -> None:
    client = as_(dora)
    upload(client, nominating_cohort)
    client.post(page("import_confirmation", nominating_cohort), {})
    assert Participant.objects.present().count() == 0
    assert Invitation.objects.get().invited_by == dora


def test_problems_are_shown_and_stop_the_import(nominating_cohort: Cohort, dora: Person, as_: As) -> None:
    client = as_(dora)
    upload(client, nominating_cohort, b"id,level\n" + b"".join(b"%d,x\n" % n for n in range(101)))
    text = client.get(page("import_preview", nominating_cohort)).content.decode()
    assert text.count("row-problem") == 100
    assert ("101 problems" in text, "… and 1 more." in text) == (True, True)
    assert client.post(page("import_confirmation", nominating_cohort), {}).status_code == 422
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    ("people", "named", "more"),
    [
        (b"", b"", {}),
        (b"\0", b"", {}),
        (b"PK\x03\x04", b"", {}),
        (b"id\n1\n" + b" " * 5 * 1024 * 1024, b"", {}),
        (PEOPLE, b"\x81\x81", {}),
        (PEOPLE, b"", {"address_pattern": "nobody@example.org"}),
    ],
)
def test_uploads_that_are_refused(
    people: bytes, named: bytes, more: dict[str, str], nominating_cohort: Cohort, dora: Person, as_: As
) -> None:
    assert upload(as_(dora), nominating_cohort, people, named, **more).status_code == 422
    assert not ImportDraft.objects.exists()


def test_the_files_are_sealed_kept_for_a_day_and_one_at_a_time(
    nominating_cohort: Cohort, dora: Person, as_: As
) -> None:
    client = as_(dora)
    upload(client, nominating_cohort)
    with connection.cursor() as cursor:
        cursor.execute("select people_text from buddying_importdraft")
        assert b"ann@x.org" not in bytes(cursor.fetchone()[0])
    upload(client, nominating_cohort, b"id\n9\n")
    assert ImportDraft.objects.get().people_text == "id\n9\n"
    ImportDraft.objects.update(uploaded_at=timezone.now() - timedelta(days=1))
    for answer in (
        client.get(page("import_preview", nominating_cohort)),
        client.post(page("import_confirmation", nominating_cohort)),
    ):
        assert answer["Location"] == page("import_people", nominating_cohort)
    upload(client, nominating_cohort)
    assert ImportDraft.objects.count() == 1


def test_only_leads_of_this_cohort(
    nominating_cohort: Cohort,
    dora: Person,
    ada: Person,
    eve: Person,
    olga: Person,
    as_: As,
    take_part: Callable[..., Participant],
) -> None:
    take_part(ada, nominating_cohort)
    other = Programme.objects.create(name="Other", template="three-month-buddying", purpose="x", created_by=eve)
    other.add_lead(eve, added_by=eve)
    upload(as_(dora), nominating_cohort)
    for person in (ada, eve, olga):
        client = as_(person)
        assert client.get(page("import_people", nominating_cohort)).status_code == 404
        assert upload(client, nominating_cohort).status_code == 404
        assert client.get(page("import_preview", nominating_cohort)).status_code == 404
        assert client.post(page("import_confirmation", nominating_cohort)).status_code == 404
    assert as_(None).get(page("import_people", nominating_cohort)).status_code == 302


def test_another_lead_does_not_see_the_draft(nominating_cohort: Cohort, dora: Person, eve: Person, as_: As) -> None:
    nominating_cohort.programme.add_lead(eve, added_by=dora)
    upload(as_(dora), nominating_cohort)
    assert as_(eve).get(page("import_preview", nominating_cohort))["Location"] == page(
        "import_people", nominating_cohort
    )
