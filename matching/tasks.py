from celery import shared_task

from buddying.nudge import nudge
from matching import execution
from matching.models import MatchRun


@shared_task
def run_match(run_id: int) -> None:
    execution.execute(run_id)


@shared_task
def publish_run(run_id: int) -> None:
    from matching.publishing_later import publish_asked

    publish_asked(run_id)


@shared_task
def match_waiting() -> None:
    """Finds what a lost message or a killed worker left behind."""
    MatchRun.objects.give_up_hopeless()
    for run_id in MatchRun.objects.claimable().values_list("pk", flat=True):
        nudge(run_match, run_id)
    for run_id in MatchRun.objects.to_be_published().values_list("pk", flat=True):
        nudge(publish_run, run_id)
