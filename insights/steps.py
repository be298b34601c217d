"""What a person can do next. One step is the step; the others wait below it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buddying.models import Cohort, Participant, Person
from buddying.words import listed
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
        _("You pause until %(day)s") % {"day": date_format(pause.day, "WEEKDAY_FORMAT")},
        _("Nobody is paired with you meanwhile, and you are not reminded of anything but booked sessions."),
        reverse("matching:taking_part", args=[cohort.pk]),
        _("Change it, or come back"),
        "clock",
    )


def _join(cohort: Cohort) -> Step:
    return Step(
        2,
        _("You are invited to %(cohort)s") % {"cohort": cohort},
        _("Have a look at what it is for, and join if you like."),
        reverse("buddying:joining", args=[cohort.pk]),
        _("Look and join"),
        "user-plus",
    )


def _profile(cohort: Cohort) -> Step:
    return Step(
        3,
        _("Tell your fellows what you work on"),
        _("Two short pages. They help others to choose you, and help us to find hours that suit."),
        reverse("buddying:profile", args=[cohort.pk]),
        _("Fill in my profile"),
        "user",
    )


def _nominate(cohort: Cohort) -> Step:
    last_day = date_format(cohort.nominations_close_on, "WEEKDAY_FORMAT")
    return Step(
        3,
        _("Name two or three people you would like as a buddy"),
        _("You can change it until %(day)s. Nobody is told whom you name.") % {"day": last_day},
        reverse("buddying:nominations", args=[cohort.pk]),
        _("Name my buddies"),
        "users",
    )


def _wait_for_a_buddy(cohort: Cohort) -> Step:
    return Step(
        8,
        _("We are looking for a buddy for you"),
        _("You have your place in %(cohort)s. There is nothing you need to do: we write to you when there is one.")
        % {"cohort": cohort.name},
        reverse("matching:taking_part", args=[cohort.pk]),
        _("Your options"),
        "clock",
    )


def _wait(cohort: Cohort, at: datetime) -> Step:
    may_change = cohort.nominating(at)
    why = _("We write to you when pairs are published, on %(day)s.")
    return Step(
        8,
        _("You are all set"),
        why % {"day": date_format(cohort.pairs_published_on, "WEEKDAY_FORMAT")},
        reverse("buddying:nominations", args=[cohort.pk]) if may_change else "",
        _("Change whom I named") if may_change else "",
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
        title = _("Add your notes on your session with %(names)s") % {"names": names}
        why = _("It is noted that you met. A word for yourself, or what you will do, takes a minute.")
        return [Step(6, title, why, url, _("Add my notes"), "notebook-pen")]
    title = _("How was your session with %(names)s?") % {"names": names}
    why = _("It takes a minute: who was coached, what you want to remember, what you will do.")
    return [Step(0, title, why, url, _("Log the session"), "notebook-pen")]


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
    title = ngettext(
        "%(name)s proposes a time for a session", "%(name)s proposes %(number)s times for a session", to_come
    )
    return Step(
        1,
        title % {"name": proposal.proposed_by, "number": to_come},
        _length(proposal) + " " + _("Choose the one that suits you best, and it is booked."),
        reverse("sessions_log:proposal", args=[proposal.pk]),
        _("Choose a time"),
        "calendar-clock",
        times=tuple(timezone.localtime(offer.starts_at) for offer in times if offer.is_open),
        times_url=reverse("sessions_log:choice", args=[proposal.pk]),
    )


def _length(proposal: Proposal) -> str:
    values = {"minutes": proposal.minutes, "where": proposal.where}
    return (_("%(minutes)d minutes, %(where)s.") if proposal.where else _("%(minutes)d minutes.")) % values


def _to_reflect(pairing: Pairing, person: Person, names: str) -> list[Step]:
    prompts = ReflectionPrompt.objects.visible_to(person).filter(pairing=pairing, answered_at=None)
    met = pairing.cohort.reflection_point
    why = ngettext(
        "You have met once. A few short questions, alone first.",
        "You have met %(count)d times. A few short questions, alone first.",
        met,
    )
    return [
        Step(
            1,
            _("Take a moment to reflect on your sessions with %(names)s") % {"names": names},
            why % {"count": met},
            reverse("reflection:reflection", args=[prompt.pk]),
            _("Start reflecting"),
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
        why = _("%(names)s will sign next. Then you can book your first session.") % {"names": names}
        return Step(7, _("You have signed the agreement"), why, url, _("Look at it again"), "clock")
    title = _("Agree with %(names)s how you want to do this") % {"names": names}
    why = _("What is it for, what stays between you, how either of you may end it. Change what does not fit.")
    return Step(2, title, why, url, _("Read and sign"), "handshake")


def _meeting_step(pairing: Pairing, person: Person, names: str, at: datetime) -> Step:
    if seat := answers.declined(pairing, person, at):
        return _another_time_step(seat, person)
    coming = _coming(pairing, person, at)
    if coming is None and (theirs := _to_choose_from(pairing, person, at).first()):
        return _choose(theirs, at)
    if coming is None and (mine := _open_proposals(pairing, person, at).filter(proposed_by=person).first()):
        return Step(
            7,
            _("You have proposed times to %(names)s") % {"names": names},
            _("Once one of them is chosen the session is booked, and you get the invitation."),
            reverse("sessions_log:proposal", args=[mine.pk]),
            _("Look at them again"),
            "clock",
        )
    if coming is None:
        return Step(
            2,
            _("Find a time with %(names)s") % {"names": names},
            _why_now(pairing, at),
            reverse("sessions_log:book", args=[pairing.pk]),
            _("Book a session"),
            "calendar-plus",
        )
    if meeting.is_near(coming, at):
        return _meet_now(coming, names, at)
    return Step(
        5,
        _("You meet %(names)s on %(time)s") % {"names": names, "time": _when(coming)},
        _open_until_then(coming, person) or coming.where,
        reverse("sessions_log:session", args=[coming.pk]),
        _("Open the session"),
        "calendar-check",
    )


def _meet_now(session: CoachingSession, names: str, at: datetime) -> Step:
    title = _("You meet %(names)s now") if session.has_begun(at) else _("You meet %(names)s at %(time)s")
    clock = date_format(timezone.localtime(session.starts_at), "TIME_FORMAT")
    return Step(
        -1,
        title % {"names": names, "time": clock},
        _("Whose turn it is, a clock, questions and a pad, on one page for all of you."),
        reverse("sessions_log:meet", args=[session.pk]),
        _("Open the page"),
        "clock",
    )


def _another_time_step(seat: Seat, person: Person) -> Step:
    """For whoever can still come it is the first thing to do, before a log of what was."""
    mine = seat.person_id == person.pk
    title = _("You cannot make it on %(time)s") if mine else _("%(name)s cannot make it on %(time)s")
    return Step(
        2 if mine else 0,
        title % {"name": seat.person.name, "time": _when(seat.session)},
        _("The session stands until one of you moves it. The next good time for both of you is at the top."),
        reverse("sessions_log:move", args=[seat.session_id]),
        _("Find another time"),
        "calendar-clock",
    )


def _when(session: CoachingSession) -> str:
    return date_format(timezone.localtime(session.starts_at), "WEEKDAY_MOMENT_FORMAT")


def _why_now(pairing: Pairing, at: datetime) -> str:
    """In the words of the mail that says so."""
    since = nudges.quiet_since(pairing, at)
    if since and since <= at - nudges.GAP:
        return _("For three weeks you have had no session. The next good time for both of you is at the top.")
    return _("The next good time for both of you is at the top.")


def _open_until_then(session: CoachingSession, person: Person) -> str:
    count = nudges.open_commitments_of(person, session).count()
    said = ngettext(
        "You have %(count)d commitment open from before.", "You have %(count)d commitments open from before.", count
    )
    return said % {"count": count} if count else ""
