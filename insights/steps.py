"""What a person can do next. One step is the step; the others wait below it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from buddying.models import Cohort, Participant, Person
from buddying.words import counted, counted_in_words, listed
from insights import relationship
from insights.step import Step
from matching.models import Pairing, Pause, Waiting
from reflection import agreeing
from reflection.models import ReflectionPrompt
from sessions_log import answers, meeting, nudges, proposals
from sessions_log.history import session_to_log
from sessions_log.models import CoachingSession, Proposal, Seat
from sessions_log.models.proposals import ProposalQuerySet


def before_pairing(participant: Participant, at: datetime) -> Step:
    """From joining to being paired."""
    cohort = participant.cohort
    if participant.joined_at is None:
        return _join(cohort)
    if participant.profile_completed_at is None:
        return _profile(cohort)
    if cohort.nominating(at) and participant.nominated_at is None:
        return _nominate(cohort)
    if Waiting.objects.open().filter(participant=participant).exists():
        return _wait_for_a_buddy(cohort)
    return _wait(cohort, at)


def pausing(pause: Pause) -> Step:
    """Before anything else that could be done meanwhile."""
    cohort = pause.participant.cohort
    return Step(
        -1,
        f"You pause until {date_format(pause.day, 'l j F')}",
        "Nobody is paired with you meanwhile, and you are not reminded of anything but booked sessions.",
        reverse("matching:taking_part", args=[cohort.pk]),
        "Change it, or come back",
        "clock",
    )


def _join(cohort: Cohort) -> Step:
    return Step(
        2,
        f"You are invited to {cohort}",
        "Have a look at what it is for, and join if you like.",
        reverse("buddying:joining", args=[cohort.pk]),
        "Look and join",
        "user-plus",
    )


def _profile(cohort: Cohort) -> Step:
    return Step(
        3,
        "Tell your fellows what you work on",
        "Two short pages. They help others to choose you, and help us to find hours that suit.",
        reverse("buddying:profile", args=[cohort.pk]),
        "Fill in my profile",
        "user",
    )


def _nominate(cohort: Cohort) -> Step:
    last_day = date_format(cohort.nominations_close_on, "l j F")
    return Step(
        3,
        "Name two or three people you would like as a buddy",
        f"You can change it until {last_day}. Nobody is told whom you name.",
        reverse("buddying:nominations", args=[cohort.pk]),
        "Name my buddies",
        "users",
    )


def _wait_for_a_buddy(cohort: Cohort) -> Step:
    return Step(
        8,
        "We are looking for a buddy for you",
        f"You have your place in {cohort.name}. There is nothing you need to do: we write to you when there is one.",
        reverse("matching:taking_part", args=[cohort.pk]),
        "Your options",
        "clock",
    )


def _wait(cohort: Cohort, at: datetime) -> Step:
    day = date_format(cohort.pairs_published_on, "l j F")
    may_change = cohort.nominating(at)
    return Step(
        8,
        "You are all set",
        f"Pairs are to be published on {day}. We will write to you."
        + (" Until nominations close you can change whom you named." if may_change else ""),
        reverse("buddying:nominations", args=[cohort.pk]) if may_change else "",
        "Look at whom I named" if may_change else "",
        "clock",
    )


def in_pairing(pairing: Pairing, person: Person, at: datetime) -> list[Step]:
    """What a member of a live pairing can do, most urgent first."""
    names = listed(pairing.buddies_of(person))
    is_over = pairing.is_over(at)
    steps = [] if is_over else [_agreement_step(pairing, person, names) or _meeting_step(pairing, person, names, at)]
    steps += _to_log(pairing, person, names, at) + _to_reflect(pairing, person, names)
    steps += _proposed(pairing, person, at)
    steps += relationship.asked_in(pairing, person, names, at)
    return sorted(steps, key=lambda step: step.urgency)


def _to_log(pairing: Pairing, person: Person, names: str, at: datetime) -> list[Step]:
    session = session_to_log(pairing, person, at)
    if session is None:
        return []
    url = reverse("sessions_log:log", args=[session.pk])
    if session.is_logged():
        why = "It is noted that you met. A word for yourself, or what you will do, takes a minute."
        return [Step(6, f"Add your notes on your session with {names}", why, url, "Add my notes", "notebook-pen")]
    why = "It takes a minute: who was coached, what you want to remember, what you will do."
    return [Step(0, f"How was your session with {names}?", why, url, "Log the session", "notebook-pen")]


def _open_proposals(pairing: Pairing, person: Person, at: datetime) -> ProposalQuerySet:
    return Proposal.objects.visible_to(person).open(at).filter(pairing=pairing).select_related("proposed_by")


def _proposed(pairing: Pairing, person: Person, at: datetime) -> list[Step]:
    """Beside a session that is booked already; where none is, choosing stands in place of finding a time."""
    if pairing.is_over(at) or _coming(pairing, person, at) is None:
        return []
    return [_choose(proposal, at) for proposal in _to_choose_from(pairing, person, at)]


def _to_choose_from(pairing: Pairing, person: Person, at: datetime) -> ProposalQuerySet:
    return _open_proposals(pairing, person, at).exclude(proposed_by=person)


def _coming(pairing: Pairing, person: Person, at: datetime) -> CoachingSession | None:
    return CoachingSession.objects.visible_to(person).filter(pairing=pairing).upcoming(at).first()


def _choose(proposal: Proposal, at: datetime) -> Step:
    times = proposals.offers(proposal, at)
    to_come = sum(not offer.is_past for offer in times)
    length = f"{proposal.minutes} minutes{f', {proposal.where}' if proposal.where else ''}"
    return Step(
        1,
        f"{proposal.proposed_by} proposes {counted_in_words(to_come, 'time', 'times')}",
        f"{length}. Choose the one that suits you best, and it is booked.",
        reverse("sessions_log:proposal", args=[proposal.pk]),
        "Choose a time",
        "calendar-clock",
        times=tuple(timezone.localtime(offer.starts_at) for offer in times if offer.is_open),
        times_url=reverse("sessions_log:choice", args=[proposal.pk]),
    )


def _to_reflect(pairing: Pairing, person: Person, names: str) -> list[Step]:
    prompts = ReflectionPrompt.objects.visible_to(person).filter(pairing=pairing, answered_at=None)
    return [
        Step(
            1,
            f"Take a moment to reflect on your sessions with {names}",
            f"You have met {counted_in_words(pairing.cohort.reflection_point, 'time', 'times')}. "
            "A few short questions, alone first.",
            reverse("reflection:reflection", args=[prompt.pk]),
            "Start reflecting",
            "sprout",
        )
        for prompt in prompts
    ]


def _agreement_step(pairing: Pairing, person: Person, names: str) -> Step | None:
    if agreeing.in_force(pairing):
        return None
    url = reverse("reflection:agreement", args=[pairing.pk])
    newest = agreeing.latest(pairing)
    if newest and newest.signatures.filter(person=person).exists():
        why = f"{names} will sign next. Then you can book your first session."
        return Step(7, "You have signed the agreement", why, url, "Look at it again", "clock")
    why = "What is it for, what stays between you, how either of you may end it. Change what does not fit."
    return Step(2, f"Agree with {names} how you want to do this", why, url, "Read and sign", "handshake")


def _meeting_step(pairing: Pairing, person: Person, names: str, at: datetime) -> Step:
    if seat := answers.declined(pairing, person, at):
        return _another_time_step(seat, person)
    coming = _coming(pairing, person, at)
    if coming is None and (theirs := _to_choose_from(pairing, person, at).first()):
        return _choose(theirs, at)
    if coming is None and (mine := _open_proposals(pairing, person, at).filter(proposed_by=person).first()):
        return Step(
            7,
            f"You have proposed times to {names}",
            "Once one of them is chosen the session is booked, and you get the invitation.",
            reverse("sessions_log:proposal", args=[mine.pk]),
            "Look at them again",
            "clock",
        )
    if coming is None:
        return Step(
            2,
            f"Find a time with {names}",
            _why_now(pairing, at) + "The next good time for both of you is at the top.",
            reverse("sessions_log:book", args=[pairing.pk]),
            "Book a session",
            "calendar-plus",
        )
    if meeting.is_near(coming, at):
        return _meet_now(coming, names, at)
    return Step(
        5,
        f"You meet {names} on {_when(coming)}",
        _open_until_then(coming, person) or coming.where,
        reverse("sessions_log:session", args=[coming.pk]),
        "Open the session",
        "calendar-check",
    )


def _meet_now(session: CoachingSession, names: str, at: datetime) -> Step:
    clock = date_format(timezone.localtime(session.starts_at), "H:i")
    return Step(
        -1,
        f"You meet {names} now" if session.has_begun(at) else f"You meet {names} at {clock}",
        "Whose turn it is, a clock, questions and a pad, on one page for all of you.",
        reverse("sessions_log:meet", args=[session.pk]),
        "Open the page",
        "clock",
    )


def _another_time_step(seat: Seat, person: Person) -> Step:
    """For whoever can still come it is the first thing to do, before a log of what was."""
    mine = seat.person_id == person.pk
    return Step(
        2 if mine else 0,
        f"{'You' if mine else seat.person.name} cannot make it on {_when(seat.session)}",
        "The session stands until one of you moves it. The next good time for both of you is at the top.",
        reverse("sessions_log:move", args=[seat.session_id]),
        "Find another time",
        "calendar-clock",
    )


def _when(session: CoachingSession) -> str:
    return date_format(timezone.localtime(session.starts_at), "l j F, H:i")


def _why_now(pairing: Pairing, at: datetime) -> str:
    """In the words of the mail that says so."""
    since = nudges.quiet_since(pairing, at)
    return "For three weeks you have had no session. " if since and since <= at - nudges.GAP else ""


def _open_until_then(session: CoachingSession, person: Person) -> str:
    count = nudges.open_commitments_of(person, session).count()
    return f"You have {counted(count, 'commitment', 'commitments')} open from before." if count else ""
