from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from buddying import inviting, joining
from buddying.models import Cohort, Invitation, Participant, Person
from outbox.kinds import Letter
from outbox.models import Message
from tests.matching.looking import at_once

As = Callable[[Person | None], Client]
Letters = Callable[[str], list[Letter]]


@pytest.fixture
def page(nominating_cohort: Cohort) -> str:
    return reverse("buddying:invitations", args=[nominating_cohort.pk])


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("a@x.org, b@x.org;c@x.org d@x.org", ["a@x.org", "b@x.org", "c@x.org", "d@x.org"]),
        ("Ada Okafor <Ada@X.org>\nBen <ben@x.org>", ["ada@x.org", "ben@x.org"]),
        ('"Okafor, Ada" <ada@x.org>; Ali, Ben <ben@x.org>', ["ada@x.org", "ben@x.org"]),
        ("mailto:ada@x.org.\n\n\t ben@x.org\r\n", ["ada@x.org", "ben@x.org"]),
        ("(ada@x.org) 'ben@x.org'", ["ada@x.org", "ben@x.org"]),
        ("", []),
        (" ,;\n", []),
    ],
)
def test_addresses_are_found_however_they_are_pasted(pasted: str, expected: list[str]) -> None:
    found = inviting.read(pasted)
    assert [each.text for each in found] == expected
    assert all(each.is_address for each in found)


@pytest.mark.parametrize(
    ("pasted", "bad"),
    [
        ("a@x.org\nben at x.org, c@x.org", [(2, "ben at x.org")]),
        ("ada@, b@x.org", [(1, "ada@")]),
        ("Ada <ada>", [(1, "ada")]),
        ("a@x.org\n\nCleo", [(3, "Cleo")]),
        ("Ada <>", [(1, "")]),
    ],
)
def test_what_is_no_address_is_named_with_its_line(pasted: str, bad: list[tuple[int, str]]) -> None:
    assert [(each.line, each.text) for each in inviting.read(pasted) if not each.is_address] == [
        (line, text.lower()) for line, text in bad
    ]


ADDRESS = st.from_regex(r"\A[a-z]{1,8}@[a-z]{1,8}\.org\Z")


@given(st.lists(st.tuples(ADDRESS, st.sampled_from(["{}", "Ada O’Neil <{}>", "<{}>"])), max_size=8), st.data())
def test_no_address_is_lost_between_separators(entries: list[tuple[str, str]], data: st.DataObject) -> None:
    pasted = "".join(
        shape.format(address) + data.draw(st.sampled_from([",", ";", "\n", " ", ", \n"])) for address, shape in entries
    )
    assert [each.text for each in inviting.read(pasted)] == [address for address, _ in entries]


def test_each_address_gets_one_mail_with_its_own_link(
    as_: As, page: str, dora: Person, letters_to: Letters, nominating_cohort: Cohort
) -> None:
    response = as_(dora).post(page, {"addresses": "new@example.org, NEW@example.org\nother@example.org"}, follow=True)
    assert "Invited: 2 people." in response.content.decode()
    invitations = Invitation.objects.order_by("email")
    assert [each.email for each in invitations] == ["new@example.org", "other@example.org"]
    [letter] = letters_to("new@example.org")
    assert letter.subject == "An invitation to Buddies"
    assert reverse("buddying:invitation", args=[invitations[0].token]) in letter.text
    assert "Dora invites you" in letter.text


def test_nothing_is_sent_when_one_is_bad_and_what_was_typed_stays(as_: As, page: str, dora: Person) -> None:
    response = as_(dora).post(page, {"addresses": "new@example.org\nben at example.org"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "Line 2: “ben at example.org” is no e-mail address." in text
    assert "new@example.org\nben at example.org</textarea>" in text
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()


def test_who_takes_part_or_is_invited_is_left_out_and_said(
    as_: As, page: str, dora: Person, ada: Person, ben: Person, cleo: Person, nominating_cohort: Cohort
) -> None:
    Participant.objects.create(cohort=nominating_cohort, person=ada, joined_at=timezone.now())
    Participant.objects.create(cohort=nominating_cohort, person=ben)
    Person.objects.filter(pk=cleo.pk).update(deactivated_at=timezone.now())
    inviting.invite(nominating_cohort, ["open@example.org"], by=dora)
    pasted = "Ada@example.org ben@example.org cleo@example.org open@example.org"
    text = as_(dora).post(page, {"addresses": pasted}, follow=True).content.decode()
    assert "Invited: 1 person." in text
    assert "Left out, taking part already: ada@example.org." in text
    assert "Left out, already invited, and the invitation is open: open@example.org." in text
    assert "Left out, account closed: cleo@example.org." in text
    assert set(Invitation.objects.values_list("email", flat=True)) == {"open@example.org", "ben@example.org"}


def test_an_expired_invitation_makes_way_for_a_new_one(nominating_cohort: Cohort, dora: Person) -> None:
    long_ago = timezone.now() - timedelta(days=8)
    inviting.invite(nominating_cohort, ["new@example.org"], by=dora, at=long_ago)
    assert inviting.invite(nominating_cohort, ["new@example.org"], by=dora).invited == ["new@example.org"]
    assert [each.state() for each in Invitation.objects.order_by("pk")] == ["revoked", "open"]
    assert [each.state() for each in Invitation.objects.newest()] == ["open"]


def test_inviting_again_replaces_the_link(
    as_: As, page: str, dora: Person, nominating_cohort: Cohort, letters_to: Letters
) -> None:
    inviting.invite(nominating_cohort, ["new@example.org"], by=dora, at=timezone.now() - timedelta(days=1, minutes=1))
    old = Invitation.objects.get()
    as_(dora).post(reverse("buddying:renew_invitation", args=[nominating_cohort.pk, old.pk]))
    old.refresh_from_db()
    new = Invitation.objects.newest().get()
    assert (old.state(), new.state()) == ("revoked", "open")
    [letter] = letters_to("new@example.org")  # the first one is not sent any more
    assert new.token in letter.text


def test_one_cohort_does_not_invite_an_address_without_end(nominating_cohort: Cohort, dora: Person) -> None:
    """Not by inviting again, nor by revoking first, nor each day anew."""
    at = timezone.now()

    def tries(days: float) -> tuple[list[str], list[str], list[str]]:
        outcome = revoke_and_invite(nominating_cohort, dora, at + timedelta(days=days))
        return outcome.invited, outcome.today, outcome.often

    new = ["new@example.org"]
    first = [tries(hours / 24) for hours in (0, 1, 23, 25)]
    assert first == [(new, [], []), ([], new, []), ([], new, []), (new, [], [])]
    assert [tries(days) for days in (3, 4, 5, 6, 300)] == [
        (new, [], []), (new, [], []), (new, [], []), ([], [], new), ([], [], new),
    ]  # fmt: skip


def revoke_and_invite(cohort: Cohort, lead: Person, at: datetime) -> inviting.Outcome:
    Invitation.objects.filter(cohort=cohort, revoked_at=None).update(revoked_at=at)
    return inviting.invite(cohort, ["New@example.org"], by=lead, at=at)


@pytest.fixture
def written_to_enough(make_cohort: Callable[..., Cohort], dora: Person) -> list[Cohort]:
    """Ten cohorts have invited one address in the last days."""
    cohorts = [make_cohort(f"Cohort {number}", days_since_start=-60) for number in range(inviting.FROM_ALL)]
    for number, cohort in enumerate(cohorts, start=1):
        inviting.invite(cohort, ["new@example.org"], by=dora, at=timezone.now() - timedelta(days=number))
    return cohorts


def test_whoever_was_written_to_enough_is_invited_without_a_mail(
    as_: As, dora: Person, page: str, written_to_enough: list[Cohort]
) -> None:
    """A lead cannot tell: the first try of a cohort looks like that of an address nobody has ever written to."""
    before = set(Message.objects.values_list("pk", flat=True))
    said = [invited_as(as_(dora), page, address) for address in ("new@example.org", "old@example.org")]
    assert said[0].replace("new@", "old@") == said[1]
    assert "Invited: 1 person." in said[0]
    assert [message.address for message in Message.objects.exclude(pk__in=before)] == ["old@example.org"]


def invited_as(browser: Client, page: str, address: str) -> str:
    """What the lead's page says once one address alone has been invited."""
    text = browser.post(page, {"addresses": address}, follow=True).content.decode()
    Invitation.objects.filter(cohort__name="Summer").delete()
    main = text[text.index("<main") : text.index("</main")]
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"|/invitations/\d+/', "", main)


def test_what_was_not_mailed_does_not_count_as_mail(
    nominating_cohort: Cohort, dora: Person, written_to_enough: list[Cohort], letters_to: Letters
) -> None:
    """However often somebody is invited in vain, mail reaches them again a month after the last that did."""
    at = timezone.now()
    for days in range(4):
        revoke_and_invite(nominating_cohort, dora, at + timedelta(days=days))
    assert not Invitation.objects.filter(cohort=nominating_cohort).exclude(mailed_at=None).exists()
    revoke_and_invite(nominating_cohort, dora, at + inviting.LATELY)
    assert Invitation.objects.get(cohort=nominating_cohort, revoked_at=None).mailed_at


def test_the_link_that_was_mailed_opens_what_came_without_a_mail(
    nominating_cohort: Cohort, dora: Person, make_cohort: Callable[..., Cohort]
) -> None:
    """Inviting again ends the older link: not where no newer one reaches anybody."""
    at = timezone.now()
    inviting.invite(nominating_cohort, ["new@example.org"], by=dora, at=at - timedelta(days=2))
    mailed = Invitation.objects.get()
    for number in range(inviting.FROM_ALL - 1):
        cohort = make_cohort(f"Cohort {number}", days_since_start=-60)
        inviting.invite(cohort, ["new@example.org"], by=dora, at=at - timedelta(days=1))
    assert inviting.invite_again(mailed, by=dora, at=at) == ""
    newest = Invitation.objects.newest().get(cohort=nominating_cohort)
    assert (newest.mailed_at, Invitation.objects.signed(mailed.token, at)) == (None, newest)
    assert joining.by_invitation(mailed.token, at).invitation == newest
    newest.revoke(at)
    with pytest.raises(joining.Closed, match="revoked"):
        joining.by_invitation(mailed.token, at)


@pytest.mark.django_db(transaction=True)
def test_two_leads_at_one_moment_do_not_pass_the_limit(
    make_cohort: Callable[..., Cohort], dora: Person, written_to_enough: list[Cohort]
) -> None:
    """Over connections of their own: five cohorts invite an address to which one more mail may go."""
    Invitation.objects.filter(cohort=written_to_enough[0]).delete()
    cohorts = [make_cohort(f"More {number}", days_since_start=-60) for number in range(5)]

    def call(cohort: Cohort) -> Callable[[], list[str]]:
        return lambda: inviting.invite(cohort, ["new@example.org", f"{cohort.pk}@example.org"], by=dora).invited

    assert [len(found) for found in at_once([call(cohort) for cohort in cohorts])] == [2] * 5
    fresh = Invitation.objects.filter(cohort__in=cohorts).exclude(mailed_at=None)
    assert (fresh.filter(email="new@example.org").count(), fresh.count()) == (1, 6)


def test_what_was_accepted_does_not_count(nominating_cohort: Cohort, dora: Person) -> None:
    for _ in range(inviting.FROM_ONE + 1):
        assert inviting.invite(nominating_cohort, ["new@example.org"], by=dora).invited == ["new@example.org"]
        Invitation.objects.update(accepted_at=timezone.now())


def test_the_page_says_so_and_offers_no_button(as_: As, page: str, dora: Person, nominating_cohort: Cohort) -> None:
    again = "Invite again<span"
    inviting.invite(nominating_cohort, ["new@example.org"], by=dora)
    text = as_(dora).get(page).content.decode()
    assert ("A day after this one you can invite them again." in text, again in text) == (True, False)
    renewal = reverse("buddying:renew_invitation", args=[nominating_cohort.pk, Invitation.objects.get().pk])
    told = as_(dora).post(renewal, follow=True).content.decode()
    assert "Not sent to new@example.org: the last invitation is less than a day old." in told
    assert Invitation.objects.count() == 1
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=2))
    assert again in as_(dora).get(page).content.decode()


def test_who_was_invited_today_is_not_among_those_to_invite(
    ben: Person, dora: Person, nominating_cohort: Cohort
) -> None:
    Participant.objects.create(cohort=nominating_cohort, person=ben)
    inviting.invite(nominating_cohort, ["ben@example.org"], by=dora)
    Invitation.objects.get().revoke()
    assert inviting.listed_to_invite(nominating_cohort) == []
    tomorrow = timezone.now() + timedelta(days=1)
    assert inviting.listed_to_invite(nominating_cohort, tomorrow) == ["ben@example.org"]


def test_a_revoked_invitation_is_not_sent_and_an_accepted_one_cannot_be_revoked(
    as_: As, dora: Person, nominating_cohort: Cohort, letters_to: Letters
) -> None:
    inviting.invite(nominating_cohort, ["new@example.org", "in@example.org"], by=dora)
    Invitation.objects.filter(email="in@example.org").update(accepted_at=timezone.now())
    for invitation in Invitation.objects.all():
        as_(dora).post(reverse("buddying:revoke_invitation", args=[nominating_cohort.pk, invitation.pk]))
    states = {each.email: each.state() for each in Invitation.objects.all()}
    assert states == {"new@example.org": "revoked", "in@example.org": "accepted"}
    assert letters_to("new@example.org") == []


def test_everybody_on_the_list_is_invited_at_once(
    as_: As, page: str, dora: Person, ada: Person, ben: Person, cleo: Person, eve: Person, nominating_cohort: Cohort
) -> None:
    for person, fields in (
        (ada, {"joined_at": timezone.now()}),
        (ben, {}),
        (cleo, {}),
        (eve, {"left_at": timezone.now()}),
    ):
        Participant.objects.create(cohort=nominating_cohort, person=person, **fields)
    Participant.objects.create(cohort=nominating_cohort, person=Person.objects.create(name="No address"))
    inviting.invite(nominating_cohort, ["cleo@example.org"], by=dora)
    assert "1 person has not been invited yet" in as_(dora).get(page).content.decode()
    as_(dora).post(reverse("buddying:invite_listed", args=[nominating_cohort.pk]))
    assert set(Invitation.objects.values_list("email", flat=True)) == {"cleo@example.org", "ben@example.org"}


def test_when_the_cohort_has_ended_nothing_is_sent(as_: As, dora: Person, cohort: Cohort) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(ends_on=timezone.now().date() - timedelta(days=2))
    page = reverse("buddying:invitations", args=[cohort.pk])
    response = as_(dora).post(page, {"addresses": "new@example.org"})
    assert "Nothing was sent: this cohort has ended." in response.content.decode()
    assert not Invitation.objects.exists()


def test_the_join_link_is_renewed_and_closed_after_a_question(as_: As, dora: Person, nominating_cohort: Cohort) -> None:
    page, before = reverse("buddying:join_link", args=[nominating_cohort.pk]), nominating_cohort.join_token
    asked = as_(dora).post(page, {"action": "renew"})
    assert "Make a new join link?" in asked.content.decode()
    nominating_cohort.refresh_from_db()
    assert nominating_cohort.join_token == before
    as_(dora).post(page, {"action": "renew", "confirmed": "yes"})
    nominating_cohort.refresh_from_db()
    assert nominating_cohort.join_token != before
    as_(dora).post(page, {"action": "close", "confirmed": "yes"})
    nominating_cohort.refresh_from_db()
    assert not nominating_cohort.join_link_open()


def test_only_leads_reach_the_invitations(
    as_: As, page: str, ada: Person, eve: Person, max_: Person, olga: Person, dora: Person, nominating_cohort: Cohort
) -> None:
    Participant.objects.create(cohort=nominating_cohort, person=ada, joined_at=timezone.now())
    inviting.invite(nominating_cohort, ["new@example.org"], by=dora)
    invitation = Invitation.objects.get()
    renewal = reverse("buddying:renew_invitation", args=[nominating_cohort.pk, invitation.pk])
    revocation = reverse("buddying:revoke_invitation", args=[nominating_cohort.pk, invitation.pk])
    for person in (ada, eve, max_, olga):
        browser = as_(person)
        assert browser.get(page).status_code == browser.post(page, {"addresses": "x@example.org"}).status_code == 404
        assert browser.post(renewal).status_code == browser.post(revocation).status_code == 404
        assert browser.post(reverse("buddying:join_link", args=[nominating_cohort.pk])).status_code == 404
        assert browser.post(reverse("buddying:invite_listed", args=[nominating_cohort.pk])).status_code == 404
    assert [each.state() for each in Invitation.objects.all()] == ["open"]


def test_an_invitation_of_another_cohort_is_not_reached_over_this_one(
    as_: As, dora: Person, cohort: Cohort, nominating_cohort: Cohort
) -> None:
    inviting.invite(nominating_cohort, ["new@example.org"], by=dora)
    elsewhere = reverse("buddying:revoke_invitation", args=[cohort.pk, Invitation.objects.get().pk])
    assert as_(dora).post(elsewhere).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_as_often_for_many_as_for_one(
    as_: As,
    page: str,
    dora: Person,
    nominating_cohort: Cohort,
    many: int,
    django_assert_num_queries: Callable[..., object],
) -> None:
    inviting.invite(nominating_cohort, [f"new{each}@example.org" for each in range(many)], by=dora)
    browser = as_(dora)
    with django_assert_num_queries(QUERIES):
        browser.get(page)


QUERIES = 10
