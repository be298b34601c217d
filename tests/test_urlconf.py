"""Every address of the product, asked as every one of the cast.

An address that no rule mentions fails; so does a rule whose address is gone. A rule says for whom the address
exists; for everybody else it is 404, and a visitor is sent to the log-in page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from buddying.models import BrowserSession, Cohort, DayHours, Invitation, Leave, Organisation, Participant, Person
from equipping import arranging, rounds
from equipping.models import Practice
from matching.models import MatchRun, Pairing
from outbox.unsubscribing import token
from reflection import agreeing, helping
from reflection.models import FitCheck, ReflectionPrompt
from sessions_log.models import CoachingSession, Commitment, OwnCalendar, Proposal
from trust import downloads
from trust.models import forget_keys

CAST = ("Ada", "Ben", "Cleo", "Dora", "Eve", "Max", "Olga")
EVERYBODY = frozenset(CAST)
PAIR = frozenset({"Ada", "Ben"})
COHORT = frozenset({"Ada", "Ben", "Cleo"})
LEAD = frozenset({"Dora"})
ADMIN = frozenset({"Olga"})


@dataclass(frozen=True)
class Rule:
    """``who`` may open it; ``args`` from the world; ``post`` where it only takes a POST; ``open`` for visitors too.

    ``refused`` is what others get: 404 but for a link that is bound to somebody else's address. ``machine``: a door
    for another server with a secret, shut to everybody else.
    """

    who: frozenset[str]
    args: Callable[[Any], list[Any]] = field(default=lambda world: [])
    post: bool = False
    open: bool = False
    refused: int = 404
    machine: bool = False


def cohort(world: Any) -> list[Any]:
    return [world.cohort.pk]


def pairing(world: Any) -> list[Any]:
    return [world.pairing.pk]


def session(world: Any) -> list[Any]:
    return [world.session.pk]


def turn(world: Any) -> list[Any]:
    return [world.session.pk, 1]


def run(world: Any) -> list[Any]:
    return [world.run.pk]


def programme(world: Any) -> list[Any]:
    return [world.cohort.programme_id]


def lesson(world: Any) -> list[Any]:
    return [world.cohort.programme_id, "listening"]


def group(world: Any) -> list[Any]:
    return [world.group.pk]


def round_of_practice(world: Any) -> list[Any]:
    """In the first round Ada coaches Ben, and Cleo observes."""
    return [world.group.pk, 1]


def seat(world: Any) -> list[Any]:
    return [world.cohort.pk, world.cleo.pk]


def invited(world: Any) -> list[Any]:
    return [world.nominating.pk, world.invitation.pk]


RULES: dict[str, Rule] = {
    "account_login": Rule(EVERYBODY),
    "account_request_login_code": Rule(EVERYBODY, open=True),
    "account_confirm_login_code": Rule(EVERYBODY),
    "account_signup": Rule(EVERYBODY, open=True),
    "account_email_verification_sent": Rule(EVERYBODY, open=True),
    "account_logout": Rule(EVERYBODY, open=True),
    "account_inactive": Rule(EVERYBODY, open=True),
    "account_email": Rule(EVERYBODY, open=True),
    "account_log_in_again": Rule(EVERYBODY),
    "mfa_login_webauthn": Rule(EVERYBODY, open=True),
    "mfa_authenticate": Rule(EVERYBODY, open=True),
    "mfa_index": Rule(EVERYBODY),
    "mfa_activate_totp": Rule(EVERYBODY),
    "mfa_deactivate_totp": Rule(EVERYBODY),
    "mfa_view_recovery_codes": Rule(EVERYBODY),
    "mfa_generate_recovery_codes": Rule(EVERYBODY),
    "mfa_add_webauthn": Rule(EVERYBODY),
    "mfa_edit_webauthn": Rule(EVERYBODY, lambda world: [1]),
    "mfa_remove_webauthn": Rule(EVERYBODY, lambda world: [1]),
    # No single sign-on is set up in the tests: there is no such address.
    "openid_connect_login": Rule(frozenset(), machine=True),
    "openid_connect_callback": Rule(frozenset(), machine=True),
    "sso_unlink": Rule(EVERYBODY, post=True),
    "buddying:devices": Rule(EVERYBODY),
    "buddying:end_device": Rule(frozenset({"Ada"}), lambda world: [world.device], post=True),
    "buddying:end_other_devices": Rule(EVERYBODY, post=True),
    "buddying:health": Rule(EVERYBODY, open=True),
    "buddying:language": Rule(EVERYBODY, post=True, open=True),
    "buddying:look": Rule(EVERYBODY, open=True),
    "buddying:logo": Rule(EVERYBODY, open=True),
    "buddying:organisation": Rule(ADMIN),
    "buddying:manifest": Rule(EVERYBODY, open=True),
    "buddying:me": Rule(EVERYBODY),
    "buddying:unsent": Rule(EVERYBODY, lambda world: ["log", 1]),
    "buddying:forget_unsent": Rule(EVERYBODY, lambda world: ["log", 1], post=True),
    "buddying:join_cohort": Rule(EVERYBODY, lambda world: [world.nominating.join_token], open=True),
    "buddying:invitation": Rule(frozenset(), lambda world: [world.invitation.token], open=True, refused=403),
    "buddying:programmes": Rule(EVERYBODY),
    "buddying:new_programme": Rule(LEAD | ADMIN),
    "buddying:programme": Rule(LEAD | ADMIN, programme),
    "buddying:edit_programme": Rule(LEAD | ADMIN, programme),
    "buddying:add_lead": Rule(LEAD | ADMIN, programme, post=True),
    "buddying:remove_lead": Rule(LEAD | ADMIN, lambda world: [world.cohort.programme_id, world.dora.pk]),
    "buddying:new_cohort": Rule(LEAD | ADMIN, programme),
    "buddying:edit_cohort": Rule(LEAD | ADMIN, cohort),
    "buddying:about_cohort": Rule(COHORT | LEAD | ADMIN, cohort),
    "buddying:joining": Rule(COHORT, cohort),
    "buddying:people": Rule(LEAD, cohort),
    "buddying:participant": Rule(LEAD, seat),
    "buddying:correct_participant": Rule(LEAD, lambda world: [world.cohort.pk, world.nell.pk]),
    "buddying:remove_participant": Rule(LEAD, seat),
    "buddying:invitations": Rule(LEAD, cohort),
    "buddying:invite_listed": Rule(LEAD, cohort, post=True),
    "buddying:revoke_invitation": Rule(LEAD, invited, post=True),
    "buddying:renew_invitation": Rule(LEAD, invited, post=True),
    "buddying:join_link": Rule(LEAD, cohort, post=True),
    "buddying:import_people": Rule(LEAD, cohort),
    "buddying:import_preview": Rule(LEAD, cohort),
    "buddying:import_confirmation": Rule(LEAD, cohort, post=True),
    "buddying:profile": Rule(COHORT, cohort),
    "buddying:profile_hours": Rule(COHORT, cohort),
    "buddying:nominations": Rule(COHORT, cohort),
    "buddying:nominations_done": Rule(COHORT, cohort, post=True),
    "buddying:edit_guide": Rule(LEAD | ADMIN, programme),
    "buddying:copy_programme": Rule(LEAD | ADMIN, programme),
    "buddying:keeping": Rule(LEAD | ADMIN, programme),
    "buddying:meetings": Rule(LEAD | ADMIN, cohort),
    "equipping:lessons": Rule(COHORT | LEAD | ADMIN, programme),
    "equipping:lesson": Rule(COHORT | LEAD | ADMIN, lesson),
    "equipping:reading": Rule(COHORT | LEAD | ADMIN, lesson, post=True),
    "equipping:words": Rule(LEAD | ADMIN, lesson),
    "equipping:original": Rule(LEAD | ADMIN, lesson),
    "equipping:practices": Rule(LEAD, cohort),
    "equipping:publication": Rule(LEAD, lambda world: [world.practice.pk], post=True),
    "equipping:calling_off": Rule(LEAD, lambda world: [world.practice.pk]),
    "equipping:withdrawal": Rule(LEAD, lambda world: [world.practice.pk], post=True),
    "equipping:group": Rule(COHORT, group),
    "equipping:finish": Rule(COHORT, group, post=True),
    "equipping:note": Rule(COHORT, group),
    "equipping:beginning": Rule(COHORT, round_of_practice, post=True),
    "equipping:taking_back": Rule(COHORT, round_of_practice, post=True),
    "equipping:sheet": Rule(frozenset({"Cleo"}), round_of_practice),
    "matching:board": Rule(LEAD, cohort),
    "matching:comparison": Rule(LEAD, cohort),
    "matching:costs": Rule(LEAD, cohort),
    "matching:reminders": Rule(LEAD, cohort, post=True),
    "matching:rounds": Rule(LEAD, cohort),
    "matching:pairings": Rule(LEAD, cohort),
    "matching:match_waiting": Rule(LEAD, cohort, post=True),
    "matching:closure": Rule(LEAD, lambda world: [world.cohort.pk, world.pairing.pk]),
    "matching:placement": Rule(LEAD, seat),
    "matching:pair_with": Rule(LEAD, lambda world: [world.cohort.pk, world.cleo.pk, world.fred.pk]),
    "matching:join_pairing": Rule(LEAD, lambda world: [world.cohort.pk, world.cleo.pk, world.pairing.pk]),
    "matching:taking_part": Rule(COHORT, cohort),
    "matching:resumption": Rule(COHORT, cohort, post=True),
    "matching:leaving": Rule(COHORT, cohort),
    "matching:another_buddy": Rule(PAIR, pairing),
    "matching:run": Rule(LEAD, run),
    "matching:editing": Rule(LEAD, run),
    "matching:people": Rule(LEAD, run),
    "matching:undoing": Rule(LEAD, run, post=True),
    "matching:picture": Rule(LEAD, run),
    "matching:rest": Rule(LEAD, run, post=True),
    "matching:progress": Rule(LEAD, run),
    "matching:cancellation": Rule(LEAD, run, post=True),
    "matching:removal": Rule(LEAD, run),
    "matching:publication": Rule(LEAD, run),
    "matching:floors": Rule(LEAD, run),
    "matching:floor_draft": Rule(LEAD, run, post=True),
    "sessions_log:book": Rule(PAIR, pairing),
    "sessions_log:record": Rule(PAIR, pairing),
    "sessions_log:series": Rule(PAIR, pairing),
    "sessions_log:propose": Rule(PAIR, pairing),
    "sessions_log:proposal": Rule(PAIR, lambda world: [world.proposal.pk]),
    "sessions_log:choice": Rule(PAIR, lambda world: [world.proposal.pk], post=True),
    "sessions_log:withdrawal": Rule(PAIR, lambda world: [world.proposal.pk], post=True),
    "sessions_log:not_held": Rule(PAIR, session, post=True),
    "sessions_log:dates": Rule(EVERYBODY),
    "sessions_log:add_leave": Rule(EVERYBODY, post=True),
    "sessions_log:remove_leave": Rule(frozenset({"Ada"}), lambda world: [world.leave.pk], post=True),
    "sessions_log:add_hours": Rule(EVERYBODY, post=True),
    "sessions_log:remove_hours": Rule(frozenset({"Ada"}), lambda world: [world.hours.pk], post=True),
    "sessions_log:connect_calendar": Rule(EVERYBODY, post=True),
    "sessions_log:disconnect_calendar": Rule(EVERYBODY, post=True),
    "sessions_log:session": Rule(PAIR, session),
    "sessions_log:move": Rule(PAIR, lambda world: [world.later.pk]),
    "sessions_log:cancel": Rule(PAIR, lambda world: [world.later.pk]),
    "sessions_log:calendar": Rule(PAIR, session),
    "sessions_log:log": Rule(PAIR, session),
    "sessions_log:meet": Rule(PAIR, session),
    "sessions_log:first": Rule(PAIR, session, post=True),
    "sessions_log:beginning": Rule(PAIR, turn, post=True),
    "sessions_log:taking_back": Rule(PAIR, turn, post=True),
    "sessions_log:ending": Rule(PAIR, session, post=True),
    "sessions_log:going_on": Rule(PAIR, session, post=True),
    "sessions_log:pads": Rule(PAIR, session),
    "sessions_log:their_pads": Rule(PAIR, session),
    "sessions_log:service_worker": Rule(EVERYBODY, open=True),
    "sessions_log:offline": Rule(EVERYBODY, open=True),
    "sessions_log:my_calendar": Rule(EVERYBODY),
    "sessions_log:new_feed_address": Rule(EVERYBODY),
    "sessions_log:remove_feed_address": Rule(EVERYBODY),
    "sessions_log:feed": Rule(EVERYBODY, lambda world: [world.secret], open=True),
    "sessions_log:commitment": Rule(frozenset({"Ada"}), lambda world: [world.commitment.pk], post=True),
    "outbox:choices": Rule(EVERYBODY),
    "outbox:sent": Rule(EVERYBODY),
    "outbox:address_works": Rule(EVERYBODY, post=True),
    "outbox:stop": Rule(EVERYBODY, lambda world: [token(world.dora.pk, "nudges")], open=True),
    "outbox:operations": Rule(ADMIN),
    "outbox:metrics": Rule(frozenset(), machine=True),
    "insights:home": Rule(EVERYBODY, open=True),
    "insights:pairing": Rule(PAIR, pairing),
    "insights:cohort": Rule(LEAD, cohort),
    "insights:cohort_figures": Rule(LEAD, lambda world: [world.cohort.pk, "path"]),
    "insights:cohort_report": Rule(LEAD, cohort),
    "insights:encouragement": Rule(LEAD, lambda world: [world.cohort.pk, world.in_need.pk]),
    "insights:cohort_mail": Rule(LEAD, cohort),
    "insights:mail_preview": Rule(LEAD, lambda world: [world.cohort.pk, "session_booked"]),
    "insights:mail_page": Rule(LEAD, lambda world: [world.cohort.pk, "session_booked"]),
    "insights:overview": Rule(ADMIN),
    "insights:overview_figures": Rule(ADMIN, lambda world: ["path"]),
    "insights:overview_report": Rule(ADMIN),
    "insights:comparison": Rule(ADMIN),
    "insights:comparison_figures": Rule(ADMIN),
    "insights:privacy": Rule(EVERYBODY, open=True),
    "insights:looks": Rule(EVERYBODY),
    "insights:my_data": Rule(EVERYBODY),
    "insights:ask_for_download": Rule(EVERYBODY, post=True),
    "insights:download_state": Rule(frozenset({"Ada"}), lambda world: [world.download.pk]),
    "insights:download_file": Rule(frozenset({"Ada"}), lambda world: [world.download.pk]),
    "insights:erasure": Rule(EVERYBODY),
    "insights:erase_person": Rule(ADMIN, lambda world: [world.cleo.person_id]),
    "insights:help": Rule(EVERYBODY, open=True),
    "insights:help_with": Rule(EVERYBODY, lambda world: ["book"], open=True),
    "insights:help_role": Rule(LEAD | ADMIN, lambda world: ["leading"]),
    "outbox:incoming_mail": Rule(frozenset(), post=True, machine=True),
    "reflection:agreement": Rule(PAIR, pairing),
    "reflection:goals": Rule(COHORT, cohort),
    "reflection:skip_goals": Rule(COHORT, cohort, post=True),
    "reflection:looking_back": Rule(PAIR, pairing),
    "reflection:thanks": Rule(PAIR, pairing, post=True),
    "reflection:wish": Rule(PAIR, pairing, post=True),
    "reflection:ending": Rule(PAIR, pairing),
    "reflection:statement": Rule(COHORT, cohort),
    "reflection:statement_file": Rule(COHORT, cohort),
    "reflection:pack": Rule(COHORT | LEAD | ADMIN, cohort),
    "reflection:pack_sheet": Rule(COHORT | LEAD | ADMIN, lambda world: [world.cohort.pk, "cards"]),
    "reflection:pack_file": Rule(COHORT | LEAD | ADMIN, lambda world: [world.cohort.pk, "cards"]),
    "reflection:programme_pack": Rule(LEAD | ADMIN, programme),
    "reflection:programme_pack_sheet": Rule(LEAD | ADMIN, lambda world: [world.cohort.programme_id, "cards"]),
    "reflection:programme_pack_file": Rule(LEAD | ADMIN, lambda world: [world.cohort.programme_id, "cards"]),
    "reflection:agreement_sheet": Rule(PAIR, pairing),
    "reflection:agreement_file": Rule(PAIR, pairing),
    "reflection:version": Rule(PAIR, lambda world: [world.pairing.pk, 1]),
    "reflection:signature": Rule(PAIR, pairing, post=True),
    "reflection:fit_check": Rule(frozenset({"Ada"}), lambda world: [world.fit_check.pk]),
    "reflection:ask_for_help": Rule(COHORT, lambda world: [world.dora.pk]),
    "reflection:conversation": Rule(frozenset({"Ada", "Dora"}), lambda world: [world.conversation.pk]),
    "reflection:close_conversation": Rule(frozenset({"Ada", "Dora"}), lambda world: [world.conversation.pk], post=True),
    "reflection:options": Rule(PAIR, pairing),
    "reflection:talk_guide": Rule(PAIR, pairing),
    "reflection:joint": Rule(PAIR, pairing),
    "reflection:reflection": Rule(frozenset({"Ada"}), lambda world: [world.prompt.pk]),
    "reflection:draft": Rule(frozenset({"Ada"}), lambda world: [world.prompt.pk], post=True),
    "reflection:sharing": Rule(frozenset({"Ada"}), lambda world: [world.prompt.pk]),
}


def routes(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace)))
            yield from routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}:{pattern.name}" if namespace else str(pattern.name)


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    named = {name for name in routes(get_resolver().url_patterns) if not name.startswith("admin:")}
    assert named == set(RULES)


def a_device_of(person: Person) -> str:
    elsewhere = Client()
    elsewhere.force_login(person)
    return BrowserSession.objects.get(person=person).session_key


@pytest.fixture
def world(
    pairing: Pairing,
    cohort: Cohort,
    nominating_cohort: Cohort,
    participants: dict[str, Participant],
    ada: Person,
    ben: Person,
    dora: Person,
    eve: Person,
    max_: Person,
    olga: Person,
) -> SimpleNamespace:
    """Something of everything, so that an open door would show something."""
    agreeing.draft_for(pairing, timezone.now())
    agreement = pairing.agreements.get()
    for person in (ada, ben):
        agreeing.sign(agreement.pairing, agreement, by=person, read_at=agreement.written_at)
    begun = timezone.now() - timedelta(minutes=10)
    practice = arranging.propose(Practice(), cohort, by=dora)
    arranging.publish(practice, by=dora)
    rounds.begin(practice.groups.get(), 1, begun)
    session = CoachingSession.objects.create(pairing=pairing, starts_at=begun)
    Organisation.objects.update_or_create(pk=1, defaults={"logo": b"RIFF", "logo_width": 1, "logo_height": 1})
    return SimpleNamespace(
        cohort=cohort,
        nominating=nominating_cohort,
        dora=dora,
        pairing=pairing,
        practice=practice,
        group=practice.groups.get(),
        session=session,
        later=CoachingSession.objects.create(pairing=pairing, starts_at=begun + timedelta(days=7)),
        commitment=Commitment.objects.create(pairing=pairing, session=session, author=ada, text="Read"),
        conversation=helping.ask(dora, "A word", by=ada),
        fit_check=FitCheck.objects.create(pairing=pairing, session=session, person=ada),
        prompt=ReflectionPrompt.objects.create(pairing=pairing, person=ada, answered_at=timezone.now()),
        other_prompt=ReflectionPrompt.objects.create(pairing=pairing, person=ben, answered_at=timezone.now()),
        run=MatchRun.objects.create(cohort=cohort, requested_by=dora, finished_at=timezone.now()),
        proposal=Proposal.objects.create(pairing=pairing, proposed_by=ben, note=""),
        leave=Leave.objects.create(person=ada, first_day=begun.date(), last_day=begun.date()),
        hours=DayHours.objects.create(person=ada, day=begun.date(), starts_at=time(9), minutes=60, kind="free"),
        invitation=Invitation.objects.create(cohort=nominating_cohort, email="new@example.org", invited_by=dora),
        secret=OwnCalendar(person=ada).make_address(),
        device=a_device_of(ada),
        download=downloads.ask(ada),
        cleo=participants["Cleo"],
        fred=Participant.objects.create(
            cohort=cohort, person=Person.objects.create(name="Fred"), joined_at=timezone.now()
        ),
        nell=Participant.objects.create(cohort=cohort, person=Person.objects.create(name="Nell")),
        in_need=_unsigned(cohort),
    )


def _unsigned(cohort: Cohort) -> Pairing:
    pairing = Pairing.objects.create(cohort=cohort, opened_at=timezone.now() - timedelta(days=20))
    for name in ("Una", "Vic"):
        seat = Participant.objects.create(cohort=cohort, person=Person.objects.create(name=name))
        pairing.members.create(participant=seat, joined_at=pairing.opened_at)
    return pairing


@pytest.fixture
def browsers(world: SimpleNamespace, as_: Callable[[Person | None], Client]) -> dict[str, Client]:
    return {who: as_(Person.objects.get(name=who)) for who in CAST}


def ask(browser: Client, rule: Rule, url: str) -> HttpResponseBase:
    return browser.post(url) if rule.post else browser.get(url)


def tried(browser: Client, rule: Rule, url: str) -> HttpResponseBase:
    """What is done by asking is undone again, and a browser that was logged out is logged in."""
    cookies = copy(browser.cookies)
    with transaction.atomic():
        answer = ask(browser, rule, url)
        transaction.set_rollback(True)
    browser.cookies = cookies
    forget_keys()
    return answer


def test_who_may_open_what(world: SimpleNamespace, browsers: dict[str, Client]) -> None:
    wrong = {}
    for name, rule in RULES.items():
        url = reverse(name, args=rule.args(world))
        answers = {who: tried(browser, rule, url).status_code for who, browser in browsers.items()}
        refused = {who for who, status in answers.items() if status == rule.refused}
        forbidden = {who for who, status in answers.items() if who in rule.who and status in (401, 403)}
        if refused != EVERYBODY - rule.who or forbidden or max(answers.values()) >= 500:
            wrong[name] = answers
    assert wrong == {}


def test_a_visitor_is_asked_to_log_in(world: SimpleNamespace) -> None:
    wrong = {}
    for name, rule in RULES.items():
        answer = tried(Client(), rule, reverse(name, args=rule.args(world)))
        if not _is_right_for_a_visitor(answer, rule):
            wrong[name] = answer
    assert wrong == {}


def _is_right_for_a_visitor(answer: HttpResponseBase, rule: Rule) -> bool:
    if rule.machine:
        return answer.status_code == 404
    sent_to_log_in = answer.headers.get("Location", "").startswith(str(settings.LOGIN_URL))
    return answer.status_code < 400 and not sent_to_log_in if rule.open else sent_to_log_in


def test_the_admin_site_is_for_administrators(as_: Callable[[Person | None], Client], world: SimpleNamespace) -> None:
    url = reverse("admin:index")
    assert {who: as_(Person.objects.get(name=who)).get(url, follow=True).status_code for who in CAST} == {
        who: 200 if who in ADMIN else 404 for who in CAST
    }
    assert Client().get(Client().get(url).headers["Location"]).headers["Location"].startswith(str(settings.LOGIN_URL))


def test_the_admin_site_knows_no_content() -> None:
    from django.contrib import admin

    registered = {model._meta.label for model in admin.site._registry}
    assert registered == {
        "buddying.Cohort",
        "buddying.Organisation",
        "buddying.Person",
        "buddying.Programme",
        "buddying.RoleGrant",
    }
