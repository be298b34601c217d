from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from buddying.models import Participant, Person
from buddying.reader import reader
from buddying.retention import content_end_of
from insights.steps import in_pairing
from matching.models import Pairing, Pause
from reflection import agreeing, goal_setting, going_on
from reflection.models import ReflectionPrompt
from sessions_log import answers
from sessions_log.history import history, open_commitments
from sessions_log.models import CoachingSession


@login_required
def pairing(request: HttpRequest, pk: int) -> HttpResponse:
    """The pair's own page: what to do next, what they said they would do, and what they did."""
    visible = Pairing.objects.visible_to(request.user).select_related("cohort__programme")
    found = get_object_or_404(visible, pk=pk)
    me, at = reader(request), timezone.now()
    steps = [] if found.closed_at else in_pairing(found, me, at)
    agreement, is_over = agreeing.in_force(found), found.is_over(at)
    context = {
        "pairing": found,
        "buddies": found.buddies_of(me),
        "profiles": Participant.objects.visible_to(me)
        .filter(seats__pairing=found, seats__left_at=None)
        .exclude(person=me)
        .select_related("person"),
        "step": steps[0] if steps else None,
        "agreement": agreement,
        "may_book": bool(agreement) and not is_over,
        "upcoming": [] if found.closed_at else _upcoming(found, me, at),
        "pauses": Pause.objects.visible_to(me)
        .in_force(at)
        .filter(participant__seats__pairing=found, participant__seats__left_at=None)
        .exclude(participant__person=me)
        .select_related("participant__person", "participant__cohort"),
        "commitments": open_commitments(found, me),
        "history": history(found, me, at),
        "is_private": found.is_private(at),
        "is_over": is_over,
        "may_look_back": going_on.is_time(found, at),
        "content_end": content_end_of(found.cohort) if is_over and not found.continues_at else None,
        "goals": goal_setting.goals_in(found, me),
        "prompt": ReflectionPrompt.objects.visible_to(request.user).filter(pairing=found).first(),
    }
    return render(request, "insights/pairing.html", context)


def _upcoming(pairing: Pairing, viewer: Person, at: datetime) -> list[CoachingSession]:
    coming = list(CoachingSession.objects.visible_to(viewer).filter(pairing=pairing).upcoming(at))
    answers.show(coming, viewer)
    return coming
