from celery import shared_task

from buddying.nudge import nudge
from matching import execution, standing_in
from matching.models import FloorStudy, MatchRun


@shared_task
def run_match(run_id: int) -> None:
    execution.execute(run_id)


@shared_task
def raise_floor(study_id: int) -> None:
    from matching import floors  # which asks for this task

    floors.work_out(study_id)


@shared_task
def publish_run(run_id: int) -> None:
    from matching.publishing_later import publish_asked

    publish_asked(run_id)


@shared_task
def match_waiting() -> None:
    """Finds what a lost message or a killed worker left behind."""
    MatchRun.objects.give_up_hopeless()
    standing_in.let_go()
    for run_id in MatchRun.objects.claimable().values_list("pk", flat=True):
        nudge(run_match, run_id)
    for study_id in FloorStudy.objects.claimable().values_list("pk", flat=True):
        nudge(raise_floor, study_id)
    for run_id in MatchRun.objects.to_be_published().values_list("pk", flat=True):
        nudge(publish_run, run_id)
